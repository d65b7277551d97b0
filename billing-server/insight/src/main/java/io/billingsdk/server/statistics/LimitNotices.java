package io.billingsdk.server.statistics;

import io.billingsdk.server.outbox.Outbox;
import io.billingsdk.server.outbox.Outbox.DomainEvent;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Says once for each user, limit and period that the limit is near. Of guests and sessions nobody
 * is notified: anybody may be as many of them as they like.
 */
final class LimitNotices {
  static final String NEAR = "usage.limit_near";

  private static final String NOTE =
      """
      INSERT INTO statistics_notice (person, profile, limit_name, starts)
      VALUES (:person, :profile, :limit, :starts) ON CONFLICT DO NOTHING
      """;

  private static final String CLEAR =
      "DELETE FROM statistics_notice WHERE starts > 'epoch' AND starts < :before";

  private LimitNotices() {}

  /**
   * Says it, in the transaction that admits the use.
   *
   * @param starts the beginning of the day; of a limit that never begins again the epoch
   */
  static void near(
      Handle handle, UUID user, UsageProfile profile, LimitState state, Instant starts) {
    int added =
        handle
            .createUpdate(NOTE)
            .bind("person", user)
            .bind("profile", profile.name())
            .bind("limit", state.spec().name())
            .bind("starts", starts)
            .execute();
    if (added == 0) {
      return;
    }
    Map<String, @Nullable Object> payload = new LinkedHashMap<>();
    payload.put("person", Person.session(user));
    payload.put("profile", profile.name());
    payload.put("limitName", state.spec().name());
    payload.put("used", state.used().toPlainString());
    payload.put("limit", Decimals.plain(state.limit()).toPlainString());
    Instant resetsAt = state.resetsAt();
    payload.put("resetsAt", resetsAt == null ? null : resetsAt.toString());
    Outbox.add(
        handle, DomainEvent.of(NEAR, "statistics/" + Person.session(user), payload, "statistics"));
  }

  /** Forgets those of days before a time. */
  static void clear(Handle handle, Instant before) {
    handle.createUpdate(CLEAR).bind("before", before).execute();
  }
}
