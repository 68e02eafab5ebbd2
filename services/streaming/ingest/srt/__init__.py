"""SRT (draft-sharabayko-srt-01) as a door: encoders come to one UDP port, each names its stage and proves the stream key as passphrase.

Only then is a receiver started, to which its datagrams are handed on. What must not be here: media, and how a receiver is run."""
