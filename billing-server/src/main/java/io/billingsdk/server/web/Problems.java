package io.billingsdk.server.web;

import io.billingsdk.server.LimitedLog;
import io.billingsdk.server.ServerException;
import io.billingsdk.server.database.Database;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.util.Objects;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Which problem a failure is to whoever sent the request. */
final class Problems {
  private static final Logger log = LoggerFactory.getLogger(Problems.class);
  private static final LimitedLog limited = new LimitedLog(log);

  /** Not in the database's encoding, or U+0000. */
  private static final Set<String> BAD_TEXT = Set.of("22021", "22P05");

  private Problems() {}

  /** The problem that a failure is, as an answer. */
  static Answer.Whole answer(Throwable failure) {
    return failure instanceof ProblemException known && !known.retryAfter().isZero()
        ? Answer.problem(known.problem(), known.retryAfter())
        : Answer.problem(of(failure));
  }

  static Problem of(Throwable failure) {
    if (failure instanceof ProblemException known) {
      return known.problem();
    }
    if (failure instanceof ServerException said) {
      return of(said);
    }
    if (failure instanceof SQLException database) {
      return of(database);
    }
    if (failure instanceof IOException || failure instanceof UncheckedIOException) {
      // The caller has gone, or sends what is no body: nothing of ours has failed.
      log.debug("a request was not read to its end: {}", failure.toString());
      return Problem.malformedBody("the body ended early");
    }
    limited.error(LimitedLog.Kind.HTTP, "a request failed", failure);
    return Problem.internal();
  }

  private static Problem of(ServerException said) {
    String message = Objects.requireNonNullElse(said.getMessage(), "");
    String field = Objects.requireNonNullElse(said.field(), "body");
    return switch (said.kind()) {
      case INVALID -> Problem.invalid(field, message.replaceFirst("^.*? must be ", ""));
      case NOT_FOUND -> Problem.notFound(field, message);
      case CONFLICT ->
          field.equals(KeptAnswer.HEADER)
              ? Problem.keyReused(message)
              : Problem.conflict(field, message);
      case FAULT -> {
        limited.error(LimitedLog.Kind.HTTP, "a request failed", said);
        yield Problem.internal();
      }
    };
  }

  private static Problem of(SQLException failed) {
    if (BAD_TEXT.contains(Objects.requireNonNullElse(failed.getSQLState(), ""))) {
      // Each value is checked before; no row of ours can hold such a text.
      limited.warn(
          LimitedLog.Kind.HTTP,
          "the database refuses a text of a request: {}",
          failed.getSQLState());
      return Problem.invalid("request", "of texts that the database can store");
    }
    if (Database.isDataError(failed)) {
      // Of our own rows, or a value that we did not check: in neither case the caller's matter.
      limited.error(
          LimitedLog.Kind.HTTP,
          "the database cannot reckon what a request asks for: {}",
          failed.getSQLState());
      return Problem.internal();
    }
    limited.warn(LimitedLog.Kind.HTTP, "a request failed at the database: {}", failed.getMessage());
    return Problem.unavailable();
  }
}
