package io.billingsdk.server.http;

import io.billingsdk.server.common.LimitedLog;
import io.billingsdk.server.common.RequestRefusedException;
import io.billingsdk.server.db.DatabaseException;
import io.billingsdk.server.http.Problem.ProblemException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The problem that a failure is to the caller. */
final class Problems {
  private static final Logger log = LoggerFactory.getLogger(Problems.class);
  private static final LimitedLog limited = new LimitedLog(log);

  /** Not in the database's encoding, or U+0000. */
  private static final Set<String> BAD_TEXT = Set.of("22021", "22P05");

  private Problems() {}

  /** The problem that a failure is, as an answer. */
  static ApiResponse.Whole answer(Throwable failure) {
    return failure instanceof ProblemException known && !known.retryAfter().isZero()
        ? ApiResponse.problem(known.problem(), known.retryAfter())
        : ApiResponse.problem(of(failure));
  }

  static Problem of(Throwable failure) {
    if (failure instanceof ProblemException known) {
      return known.problem();
    }
    if (failure instanceof RequestRefusedException refused) {
      return of(refused);
    }
    if (failure instanceof DatabaseException database) {
      return of(database);
    }
    if (failure instanceof IOException || failure instanceof UncheckedIOException) {
      // The caller has gone, or sends what is no body: nothing of ours has failed.
      log.debug("a request was not read to its end: {}", failure.toString());
      return Problem.malformedBody("the body ended early");
    }
    limited.error(LimitedLog.LogKind.HTTP, "a request failed", failure);
    return Problem.internal();
  }

  private static Problem of(RequestRefusedException refused) {
    return switch (refused.kind()) {
      case INVALID -> Problem.invalid(refused.field(), refused.expected());
      case NOT_FOUND -> Problem.notFound(refused.field(), refused.getMessage());
      case CONFLICT -> Problem.conflict(refused.field(), refused.getMessage());
      case KEY_REUSED -> Problem.keyReused(refused.getMessage());
    };
  }

  private static Problem of(DatabaseException failed) {
    if (BAD_TEXT.contains(failed.sqlState())) {
      // Each value is checked before; no row of ours can hold such a text.
      limited.warn(
          LimitedLog.LogKind.HTTP,
          "the database refuses a text of a request: {}",
          failed.sqlState());
      return Problem.invalid("request", "of texts that the database can store");
    }
    if (failed.isDataError()) {
      // Of our own rows, or a value that we did not check: in neither case the caller's matter.
      limited.error(
          LimitedLog.LogKind.HTTP,
          "the database cannot compute the answer to a request: {}",
          failed.sqlState());
      return Problem.internal();
    }
    limited.warn(
        LimitedLog.LogKind.HTTP, "a request failed at the database: {}", failed.getMessage());
    return Problem.unavailable();
  }
}
