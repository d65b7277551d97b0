package io.billingsdk;

import static java.util.Objects.requireNonNull;

import io.billingsdk.internal.LoggerNames;
import io.billingsdk.protocol.Bounds;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The user of an event, beyond the key that pays: an end user, a session of that user, an execution
 * of the application. Each is a text of your own. A client takes the fields that an event does not
 * have from {@link #current}; {@code BillingContext} of billing-sdk-grpc sets it for a call.
 *
 * <p>A text that is no subject, session or execution (null, blank, longer than 256 characters, not
 * well-formed Unicode) is left out, with one warning in the log: if it refused the events, an end
 * user with a name of 300 characters could use a service for nothing.
 *
 * <p>Immutable and thread-safe. Never prints its content.
 */
public final class UsageContext {
  private static final Logger log = LoggerFactory.getLogger(LoggerNames.CLIENT);
  private static final AtomicBoolean warned = new AtomicBoolean();

  /** Nothing is known. */
  public static final UsageContext EMPTY = new UsageContext(null, null, null);

  /** Written under the class's lock, read without; null as long as nobody has added one. */
  private static volatile @Nullable Supplier<@Nullable UsageContext> source;

  /** The execution that a thread is in. */
  private static final ThreadLocal<@Nullable UsageContext> scope = new ThreadLocal<>();

  private final @Nullable String subject;
  private final @Nullable String session;
  private final @Nullable String execution;

  private UsageContext(
      @Nullable String subject, @Nullable String session, @Nullable String execution) {
    this.subject = subject;
    this.session = session;
    this.execution = execution;
  }

  /**
   * The context of the present thread: that of its {@link Execution}, and what this does not say
   * from the first source that has a context; {@link #EMPTY} without any. Implementations of {@link
   * BillingClient} ask it for each event, and pass it to {@link UsageEvent#inContext}.
   */
  public static UsageContext current() {
    UsageContext entered = scope.get();
    Supplier<@Nullable UsageContext> asked = source;
    UsageContext found = asked == null ? null : asked.get();
    if (entered == null) {
      return found == null ? EMPTY : found;
    }
    return found == null ? entered : entered.over(found);
  }

  /**
   * Puts this thread into an execution.
   *
   * @return what it was in before, for {@link #leave}
   */
  static @Nullable UsageContext enter(UsageContext context) {
    UsageContext before = scope.get();
    scope.set(context);
    return before;
  }

  /** Takes this thread back to where it was. */
  static void leave(@Nullable UsageContext before) {
    if (before == null) {
      scope.remove();
    } else {
      scope.set(before);
    }
  }

  /** What this does not say is as another context has it. */
  private UsageContext over(UsageContext other) {
    return new UsageContext(
        subject == null ? other.subject : subject,
        session == null ? other.session : session,
        execution == null ? other.execution : execution);
  }

  /**
   * Adds a source to those that {@link #current} asks, for the life of the process. It is for
   * libraries that carry a context from thread to thread.
   *
   * @param added called for each event that is reported, on its thread: it must be quick, and must
   *     not throw; null when it knows nothing
   */
  public static synchronized void addSource(Supplier<@Nullable UsageContext> added) {
    requireNonNull(added, "added");
    Supplier<@Nullable UsageContext> first = source;
    source =
        first == null
            ? added
            : () -> {
              UsageContext found = first.get();
              return found == null ? added.get() : found;
            };
  }

  /** The same with this end user. */
  public UsageContext withSubject(@Nullable String newSubject) {
    return new UsageContext(usable("subject", newSubject), session, execution);
  }

  /** The same with this session, such as a conversation of the end user. */
  public UsageContext withSession(@Nullable String newSession) {
    return new UsageContext(subject, usable("session", newSession), execution);
  }

  /** The same with this execution, such as a run of an agent or of a job. */
  public UsageContext withExecution(@Nullable String newExecution) {
    return new UsageContext(subject, session, usable("execution", newExecution));
  }

  /** The end user; null when none is known. */
  public @Nullable String subject() {
    return subject;
  }

  /** The session; null when none is known. */
  public @Nullable String session() {
    return session;
  }

  /** The execution; null when none is known. */
  public @Nullable String execution() {
    return execution;
  }

  /** Whether nothing is known. */
  public boolean isEmpty() {
    return subject == null && session == null && execution == null;
  }

  private static @Nullable String usable(String field, @Nullable String text) {
    if (text == null
        || (!text.isBlank()
            && text.length() <= Bounds.NAME_CHARS
            && Bounds.isWellFormedText(text))) {
      return text;
    }
    if (warned.compareAndSet(/* expectedValue= */ false, /* newValue= */ true)) {
      log.warn(
          "a {} is left out of usage events: it must be 1 to {} characters of well-formed Unicode,"
              + " but has {} (logged once)",
          field,
          Bounds.NAME_CHARS,
          text.isBlank() ? "only space" : text.length() + " characters");
    }
    return null;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof UsageContext that
        && Objects.equals(subject, that.subject)
        && Objects.equals(session, that.session)
        && Objects.equals(execution, that.execution);
  }

  @Override
  public int hashCode() {
    return Objects.hash(subject, session, execution);
  }

  @Override
  public String toString() {
    return "UsageContext[subject="
        + shown(subject)
        + ", session="
        + shown(session)
        + ", execution="
        + shown(execution)
        + "]";
  }

  private static String shown(@Nullable String text) {
    return text == null ? "none" : "***";
  }
}
