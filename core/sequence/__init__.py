"""Frame sequences: a fixed camera, a video, a folder of renders."""
