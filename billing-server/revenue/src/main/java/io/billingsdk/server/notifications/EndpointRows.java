package io.billingsdk.server.notifications;

import io.billingsdk.server.db.ResultRow;
import io.billingsdk.server.db.SqlArrays;
import io.billingsdk.server.notifications.WebhookEndpoint.State;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** The rows of endpoints. */
final class EndpointRows {
  private static final String SELECT =
      """
      SELECT endpoint_id, customer, url, kinds, format, state, problem, old_secret_until, failing_since,
        last_failure_at, created_at
      FROM webhook_endpoint
      """;

  private static final String INSERT =
      """
      INSERT INTO webhook_endpoint (endpoint_id, customer, url, kinds, format, secret, created_at)
      VALUES (:id, :customer, :url, :kinds, :format, :secret, :now)
      """;

  private static final String UPDATE =
      """
      UPDATE webhook_endpoint SET url = :url, kinds = :kinds, format = :format, state = :state, problem = :problem,
        failing_since = :failing, last_failure_at = :failure
      WHERE endpoint_id = :id
      """;

  /** An older secret that still signs stays: its receiver may not know the newer one yet. */
  private static final String ROTATE =
      """
      UPDATE webhook_endpoint SET secret = :secret,
        old_secret = CASE WHEN old_secret_until > :now THEN old_secret ELSE secret END,
        old_secret_until = CASE WHEN old_secret_until > :now THEN old_secret_until ELSE :until END
      WHERE endpoint_id = :id
      """;

  private static final String REMOVE =
      """
      UPDATE webhook_endpoint SET state = 'removed', url = '', problem = NULL, secret = '',
        old_secret = NULL, old_secret_until = NULL
      WHERE endpoint_id = :id
      """;

  private static final String FORGET =
      """
      UPDATE webhook_endpoint SET old_secret = NULL, old_secret_until = NULL
      WHERE old_secret_until <= :now
      """;

  private static final String KEYS =
      """
      SELECT secret, CASE WHEN old_secret_until > :now THEN old_secret END AS old_secret
      FROM webhook_endpoint WHERE endpoint_id = :id
      """;

  private EndpointRows() {}

  static void insert(Handle handle, String id, String customer, Target target, Sealed sealed) {
    handle
        .createUpdate(INSERT)
        .bind("id", id)
        .bind("customer", customer)
        .bind("url", target.url())
        .bind("kinds", SqlArrays.texts(target.kinds()))
        .bind("format", target.format().text())
        .bind("secret", sealed.bytes())
        .bind("now", sealed.at())
        .execute();
  }

  /** Where an endpoint is, and what it wants. */
  record Target(String url, List<String> kinds, WebhookFormat format) {}

  /** A secret as the database has it, and when it was made. */
  @SuppressWarnings("ArrayRecordComponent") // Nobody compares or changes it.
  record Sealed(byte[] bytes, Instant at) {}

  static void update(Handle handle, WebhookEndpoint changed) {
    handle
        .createUpdate(UPDATE)
        .bind("id", changed.id())
        .bind("url", changed.url())
        .bind("kinds", SqlArrays.texts(changed.kinds()))
        .bind("format", changed.format().text())
        .bind("state", changed.state().text())
        .bind("problem", changed.problem())
        .bind("failing", changed.failingSince())
        .bind("failure", changed.lastFailureAt())
        .execute();
  }

  /** Keeps its id alone: deliveries of the last days name it. */
  static void remove(Handle handle, String id) {
    handle.createUpdate(REMOVE).bind("id", id).execute();
  }

  static void rotate(Handle handle, String id, Sealed sealed, Instant oldUntil) {
    handle
        .createUpdate(ROTATE)
        .bind("id", id)
        .bind("secret", sealed.bytes())
        .bind("now", sealed.at())
        .bind("until", oldUntil)
        .execute();
  }

  /** Erases secrets that sign no longer. */
  static void forgetOldSecrets(Handle handle, Instant now) {
    handle.createUpdate(FORGET).bind("now", now).execute();
  }

  /** The sealed secrets that sign at a moment, the newer one first. */
  static List<byte[]> secrets(Handle handle, String id, Instant now) {
    List<byte[]> sealed = new ArrayList<>();
    handle
        .createQuery(KEYS)
        .bind("id", id)
        .bind("now", now)
        .map(
            ResultRow.to(
                row -> {
                  sealed.add(row.bytes("secret"));
                  byte[] old = row.bytesOrNull("old_secret");
                  if (old != null) {
                    sealed.add(old);
                  }
                  return sealed.size();
                }))
        .list();
    return sealed;
  }

  /**
   * One that was not removed.
   *
   * @param customer whose it is
   */
  static Optional<WebhookEndpoint> find(Handle handle, String customer, String id, String lock) {
    return handle
        .createQuery(
            SELECT
                + "WHERE endpoint_id = :id AND customer = :customer AND state <> 'removed' "
                + lock)
        .bind("id", id)
        .bind("customer", customer)
        .map(ResultRow.to(EndpointRows::endpoint))
        .findFirst();
  }

  /** Of any owner, also when it was removed. */
  static WebhookEndpoint require(Handle handle, String id) {
    return handle
        .createQuery(SELECT + "WHERE endpoint_id = :id FOR UPDATE")
        .bind("id", id)
        .map(ResultRow.to(EndpointRows::endpoint))
        .one();
  }

  static List<WebhookEndpoint> after(Handle handle, String customer, String after, int most) {
    return handle
        .createQuery(
            SELECT
                + "WHERE customer = :customer AND endpoint_id > :after AND state <> 'removed'"
                + " ORDER BY endpoint_id LIMIT :most")
        .bind("customer", customer)
        .bind("after", after)
        .bind("most", most)
        .map(ResultRow.to(EndpointRows::endpoint))
        .list();
  }

  /** Those that receive the notices of a customer: its own and the operator's. */
  static List<WebhookEndpoint> receiving(Handle handle, String customer) {
    return handle
        .createQuery(
            SELECT
                + "WHERE customer IN ('', :customer) AND state <> 'removed' ORDER BY endpoint_id")
        .bind("customer", customer)
        .map(ResultRow.to(EndpointRows::endpoint))
        .list();
  }

  static int count(Handle handle, String customer) {
    return handle
        .createQuery(
            "SELECT count(*)::int AS found FROM webhook_endpoint"
                + " WHERE customer = :customer AND state <> 'removed'")
        .bind("customer", customer)
        .map(ResultRow.to(row -> row.integer("found")))
        .one();
  }

  private static WebhookEndpoint endpoint(ResultRow row) {
    return new WebhookEndpoint(
        row.text("endpoint_id"),
        row.text("customer"),
        row.text("url"),
        row.texts("kinds"),
        WebhookFormat.of(row.text("format")),
        State.of(row.text("state")),
        row.textOrNull("problem"),
        row.timeOrNull("old_secret_until"),
        row.timeOrNull("failing_since"),
        row.timeOrNull("last_failure_at"),
        row.time("created_at"));
  }
}
