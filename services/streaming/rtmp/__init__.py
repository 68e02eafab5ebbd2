"""RTMP ingest: a publish-only server of our own. The stage loop needs these names and no others."""

from services.streaming.rtmp.limits import RtmpError, RtmpLimits
from services.streaming.rtmp.publication import Publication
from services.streaming.rtmp.server import Refusal, RtmpServer, same_key

__all__ = ["Publication", "Refusal", "RtmpError", "RtmpLimits", "RtmpServer", "same_key"]
