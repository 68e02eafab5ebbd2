"""RTMP ingest: a publish-only server of our own. The stage loop needs these names and no others."""

from services.streaming.ingest.rtmp.limits import RtmpError, RtmpLimits
from services.streaming.ingest.rtmp.publication import RtmpPublication
from services.streaming.ingest.rtmp.server import RtmpServer

__all__ = ["RtmpError", "RtmpLimits", "RtmpPublication", "RtmpServer"]
