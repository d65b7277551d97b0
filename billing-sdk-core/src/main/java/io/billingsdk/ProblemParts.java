package io.billingsdk;

import io.billingsdk.ClientStatus.ProblemKind;
import java.time.Instant;

/** The parts of a {@link ClientStatus.Problem}, which documents them. */
record ProblemParts(ProblemKind kind, String message, Instant at) {}
