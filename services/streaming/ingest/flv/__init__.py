"""A sender's pictures and sound as FLV, whatever protocol brought them: the format, the queue before an encoder, what a publication is."""
