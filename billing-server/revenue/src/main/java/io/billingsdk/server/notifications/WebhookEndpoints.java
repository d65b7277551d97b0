package io.billingsdk.server.notifications;

import io.billingsdk.server.access.Actor;
import io.billingsdk.server.access.AuditLog;
import io.billingsdk.server.common.RequestRefusedException;
import io.billingsdk.server.customers.Customers;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.notifications.EndpointRows.Sealed;
import io.billingsdk.server.notifications.EndpointRows.Target;
import io.billingsdk.server.notifications.WebhookEndpoint.State;
import io.billingsdk.server.notifications.WebhookLog.Delivery;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** The endpoints of one owner: a customer, or the operator, whose name is empty. Thread-safe. */
final class WebhookEndpoints {
  /** How long the secret before signs after a rotation. */
  static final Duration OVERLAP = Duration.ofHours(24);

  static final int MOST = 20;

  private static final String ALPHABET =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  private static final int ID_CHARS = 16;
  private static final SecureRandom RANDOM = new SecureRandom();

  private final Database database;
  private final Actor actor;
  private final String owner;
  private final Means means;

  /**
   * What all owners share.
   *
   * @param privateAddresses whether endpoints may have them
   */
  record Means(WebhookSecrets secrets, InstantSource clock, boolean privateAddresses) {}

  WebhookEndpoints(Database database, Actor actor, String owner, Means means) {
    this.database = database;
    this.actor = actor;
    this.owner = owner;
    this.means = means;
  }

  /** An endpoint and its secret, which is whole this once. */
  record NewSecret(WebhookEndpoint endpoint, String secret) {
    /** Without the secret. */
    @Override
    public String toString() {
      return "NewSecret[" + endpoint.id() + "]";
    }
  }

  private Instant now() {
    return means.clock().instant().truncatedTo(ChronoUnit.MICROS);
  }

  /** Makes one that is sent notices with their fields. */
  NewSecret create(String url, List<String> kinds) {
    return create(url, kinds, WebhookFormat.STANDARD);
  }

  /** Makes one. */
  NewSecret create(String url, List<String> kinds, WebhookFormat format) {
    String checked = WebhookUrl.require(url, means.privateAddresses());
    List<String> wanted = KindPatterns.require(kinds);
    String id = newId();
    String secret = means.secrets().create();
    return database.inTransaction(
        handle -> {
          requireOwner(handle);
          OwnerLock.hold(handle, owner);
          if (EndpointRows.count(handle, owner) >= MOST) {
            throw RequestRefusedException.conflict(
                "url", "there are " + MOST + " endpoints already; remove one");
          }
          Sealed sealed = new Sealed(means.secrets().seal(id, secret), now());
          EndpointRows.insert(handle, id, owner, new Target(checked, wanted, format), sealed);
          WebhookEndpoint made = locked(handle, id);
          AuditLog.write(handle, actor, "webhook.create", id, null, shown(made));
          return new NewSecret(made, secret);
        });
  }

  private static String newId() {
    StringBuilder id = new StringBuilder("we_");
    for (int i = 0; i < ID_CHARS; i++) {
      id.append(ALPHABET.charAt(RANDOM.nextInt(ALPHABET.length())));
    }
    return id.toString();
  }

  private void requireOwner(Handle handle) {
    if (!owner.isEmpty()) {
      var unused = new Customers(database.within(handle), actor).require(owner);
    }
  }

  /** In the order of their ids. */
  List<WebhookEndpoint> after(String after, int most) {
    return database.read(
        handle -> {
          requireOwner(handle);
          return EndpointRows.after(handle, owner, after, most);
        });
  }

  WebhookEndpoint require(String id) {
    return database.read(
        handle -> EndpointRows.find(handle, owner, id, "").orElseThrow(() -> none(id)));
  }

  /**
   * Changes one; null keeps what is there. Another URL also forgets that it failed, and what waits
   * for an endpoint that was repaired is sent at once.
   *
   * @param enabled true also forgets that it failed
   */
  WebhookEndpoint change(
      String id, @Nullable String url, @Nullable List<String> kinds, @Nullable Boolean enabled) {
    String checked = url == null ? null : WebhookUrl.require(url, means.privateAddresses());
    List<String> wanted = kinds == null ? null : KindPatterns.require(kinds);
    return audited(
        "webhook.change",
        id,
        old -> {
          boolean isEnabled = enabled == null ? old.state() == State.ENABLED : enabled;
          boolean isMoved = checked != null && !checked.equals(old.url());
          boolean isBack = isMoved || (enabled != null && enabled);
          return new WebhookEndpoint(
              id,
              owner,
              checked == null ? old.url() : checked,
              wanted == null ? old.kinds() : wanted,
              old.format(),
              isEnabled ? State.ENABLED : State.DISABLED,
              isEnabled ? null : old.problem(),
              old.oldSecretUntil(),
              isBack ? null : old.failingSince(),
              isBack ? null : old.lastFailureAt(),
              old.createdAt());
        });
  }

  /** Removes one, with its URL and its secrets; what waits for it becomes dead letters. */
  void remove(String id) {
    database.useTransaction(
        handle -> {
          WebhookEndpoint old = locked(handle, id);
          EndpointRows.remove(handle, id);
          WebhookLog.drop(handle, id, now());
          AuditLog.write(handle, actor, "webhook.remove", id, shown(old), null);
        });
  }

  private WebhookEndpoint audited(
      String action, String id, Function<WebhookEndpoint, WebhookEndpoint> change) {
    return database.inTransaction(
        handle -> {
          WebhookEndpoint old = locked(handle, id);
          WebhookEndpoint changed = change.apply(old);
          EndpointRows.update(handle, changed);
          if (isRepaired(old, changed)) {
            WebhookLines.hurry(handle, id, now());
          }
          AuditLog.write(handle, actor, action, id, shown(old), shown(changed));
          return changed;
        });
  }

  private static boolean isRepaired(WebhookEndpoint old, WebhookEndpoint changed) {
    return changed.state() == State.ENABLED
        && (old.state() != State.ENABLED
            || !old.url().equals(changed.url())
            || (old.failingSince() != null && changed.failingSince() == null));
  }

  /**
   * Gives it another secret; the one before signs for 24 hours more. Another rotation within that
   * time replaces the newer secret alone.
   */
  NewSecret rotate(String id) {
    String secret = means.secrets().create();
    return database.inTransaction(
        handle -> {
          WebhookEndpoint old = locked(handle, id);
          Sealed sealed = new Sealed(means.secrets().seal(id, secret), now());
          EndpointRows.rotate(handle, id, sealed, sealed.at().plus(OVERLAP));
          WebhookEndpoint changed = locked(handle, old.id());
          Map<String, Object> after = Map.of("oldSecretUntil", changed.oldSecretUntil() + "");
          AuditLog.write(handle, actor, "webhook.rotate", id, null, after);
          return new NewSecret(changed, secret);
        });
  }

  /** What became of its deliveries, the latest first. */
  List<Delivery> deliveries(String id, long below, @Nullable String state, int most) {
    return database.read(
        handle -> {
          var unused = EndpointRows.find(handle, owner, id, "").orElseThrow(() -> none(id));
          return WebhookLog.before(handle, id, below, state, most);
        });
  }

  /**
   * Sends deliveries again.
   *
   * @param event of one; null for all
   * @param since only those that were added then or later; null for all
   * @return how many
   */
  int replay(String id, @Nullable UUID event, @Nullable Instant since) {
    return database.inTransaction(
        handle -> {
          var unused = locked(handle, id);
          int replayed = WebhookLog.replay(handle, id, event, since, now());
          if (event != null && replayed == 0) {
            throw RequestRefusedException.notFound(
                "messageId", "there is no such delivery, or it is under way");
          }
          Map<String, @Nullable Object> after = new LinkedHashMap<>();
          after.put("messageId", event == null ? null : Notice.messageId(event));
          after.put("since", since == null ? null : since.toString());
          after.put("replayed", replayed);
          AuditLog.write(handle, actor, "webhook.replay", id, null, after);
          return replayed;
        });
  }

  private WebhookEndpoint locked(Handle handle, String id) {
    return EndpointRows.find(handle, owner, id, "FOR UPDATE").orElseThrow(() -> none(id));
  }

  private static RequestRefusedException none(String id) {
    return RequestRefusedException.notFound("endpointId", "there is no endpoint " + id);
  }

  /** Without the path: it may be what gives the right to call the receiver. */
  private static Map<String, @Nullable Object> shown(WebhookEndpoint endpoint) {
    Map<String, @Nullable Object> shown = new LinkedHashMap<>();
    shown.put("customerId", endpoint.customer().isEmpty() ? null : endpoint.customer());
    shown.put("host", WebhookUrl.shownHost(endpoint.url()));
    shown.put("kinds", endpoint.kinds());
    shown.put("format", endpoint.format().text());
    shown.put("state", endpoint.state().text());
    return shown;
  }
}
