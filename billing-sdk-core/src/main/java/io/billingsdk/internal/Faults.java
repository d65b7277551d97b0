package io.billingsdk.internal;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where an {@link Error} goes that is thrown inside the client: a class that is missing, mostly. In
 * a future or on a thread of a library it would vanish, and the client do nothing without a word.
 *
 * <p>The log gets the first of each kind, with its stack; the client's status gets each. Never
 * throws. Thread-safe.
 */
public final class Faults {
  private static final Logger log = LoggerFactory.getLogger(LoggerNames.CLIENT);

  /** Errors times places; beyond it they are shown and not logged. */
  private static final int MAX_KINDS = 100;

  private static final int MAX_CAUSES = 20;

  private final Set<String> kinds = ConcurrentHashMap.newKeySet();
  private volatile Consumer<String> status = message -> {};

  /** Whom to tell; until then nobody. */
  public void tell(Consumer<String> newStatus) {
    status = newStatus;
  }

  /**
   * Takes an error.
   *
   * @param failed what it was that failed, for example {@code "the connection to the broker"}
   * @return for people, free of secrets
   */
  public String caught(String failed, Throwable thrown) {
    String message = failed + " failed inside: " + describe(thrown);
    try {
      if (kinds.size() < MAX_KINDS && kinds.add(message)) {
        log.error("{} (logged once; the client goes on trying)", message, printable(thrown));
      }
      status.accept(message);
    } catch (Throwable worse) {
      // Of the logging, or for want of memory: to throw here would end what is to go on.
    }
    return message;
  }

  /** The first error among a failure and its causes; null when there is none. */
  public static @Nullable Error errorIn(@Nullable Throwable failure) {
    Throwable cause = failure;
    for (int i = 0; cause != null && i < MAX_CAUSES; i++) {
      if (cause instanceof Error error) {
        return error;
      }
      cause = cause.getCause();
    }
    return null;
  }

  /** A stack with the messages of missing classes only: those of others may quote anything. */
  private static Throwable printable(Throwable thrown) {
    Error error = errorIn(thrown);
    if (error instanceof LinkageError && !(error instanceof ExceptionInInitializerError)) {
      return error;
    }
    Throwable stack = new Throwable((error == null ? thrown : error).getClass().getName());
    stack.setStackTrace((error == null ? thrown : error).getStackTrace());
    return stack;
  }

  private static String describe(Throwable thrown) {
    Error error = errorIn(thrown);
    if (error instanceof LinkageError) {
      // Its message names classes only; that of others may quote anything.
      Throwable named = error.getCause() instanceof LinkageError cause ? cause : error;
      return named.getClass().getSimpleName()
          + (named.getMessage() == null ? "" : " " + named.getMessage())
          + "; a library is missing or has another version";
    }
    return (error == null ? thrown : error).getClass().getName();
  }
}
