"""Adoption: do AI features attach to existing workloads, and does that cause expansion? One file a gate or exhibit."""
