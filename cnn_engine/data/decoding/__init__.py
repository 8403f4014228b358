"""What is done to the bytes of a picture before and while a decoder has them: judged, cleaned, reduced."""
