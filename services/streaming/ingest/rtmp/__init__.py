"""RTMP ingest: a publish-only server of our own. The stage loop needs these names and no others."""

from services.streaming.ingest.rtmp.limits import RtmpError, RtmpLimits
from services.streaming.ingest.rtmp.publication import Publication
from services.streaming.ingest.rtmp.server import Refusal, RtmpServer, same_key

__all__ = ["Publication", "Refusal", "RtmpError", "RtmpLimits", "RtmpServer", "same_key"]
