"""Receives one publisher per stage from a browser or an encoder that speaks WHIP (RFC 9725): H.264 and Opus over WebRTC.

What arrives is not decoded: pictures and sound are put into FLV as they are, for the stage's encoder to read.
"""
