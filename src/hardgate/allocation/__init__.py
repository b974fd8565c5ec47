"""Allocation: which workloads get GPUs when supply is tight, and why? One file a gate or exhibit."""
