"""Tests of core.runfolder."""
