package io.billingsdk.protocol;

import org.jspecify.annotations.Nullable;

/**
 * Who or what used something, in words of the application's own: each is a text of 1 to 256
 * characters, or null. Protocol v1 does not know them. Never prints them.
 *
 * @param subject the end user
 * @param session what belongs together for the end user, such as a conversation
 * @param execution what belongs together for the application, such as a run of an agent
 */
public record UsedBy(
    @Nullable String subject, @Nullable String session, @Nullable String execution) {

  /** Nothing is known of it. */
  public static final UsedBy UNKNOWN = new UsedBy(null, null, null);

  /** The same as the constructor, without a new object for what is not known. */
  public static UsedBy of(
      @Nullable String subject, @Nullable String session, @Nullable String execution) {
    return subject == null && session == null && execution == null
        ? UNKNOWN
        : new UsedBy(subject, session, execution);
  }

  /** Whether nothing is known of it. */
  public boolean isUnknown() {
    return subject == null && session == null && execution == null;
  }

  @Override
  public String toString() {
    return "UsedBy[subject="
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
