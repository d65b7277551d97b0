package io.billingsdk.server.notifications;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.billingsdk.server.access.Actor;
import io.billingsdk.server.customers.Customer;
import io.billingsdk.server.customers.Customers;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.keys.KeyAdmin;
import io.billingsdk.server.keys.StoredKey;
import io.billingsdk.server.outbox.Outbox.DomainEvent;
import io.billingsdk.server.outbox.OutboxSubscriber.DeliveredEvent;
import java.time.Instant;
import java.util.Optional;

/** Makes notices of events: whom each is about, and what of it is shown. Thread-safe. */
final class NoticeReader {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Actor SERVER = new Actor("server");
  private static final int USED_UP = 100;

  private final Database database;

  NoticeReader(Database database) {
    this.database = database;
  }

  /** Empty for an event that nothing is said about. */
  Optional<Notice> read(DeliveredEvent delivered) throws JsonProcessingException {
    DomainEvent event = delivered.event();
    JsonNode payload = JSON.readTree(event.payload());
    Optional<NoticeKind> kind = kind(event.kind(), payload);
    if (kind.isEmpty()) {
      return Optional.empty();
    }
    String customer = customer(payload, delivered.createdAt());
    return Optional.of(
        new Notice(
            event.id(),
            kind.get(),
            customer,
            data(kind.get(), customer, payload),
            delivered.createdAt()));
  }

  private static Optional<NoticeKind> kind(String event, JsonNode payload) {
    Optional<NoticeKind> mailed = NoticeKind.mailedBy(event);
    if (mailed.isPresent()) {
      return mailed;
    }
    boolean isUsedUp =
        event.equals(NoticeKind.QUOTA_THRESHOLD.text())
            && payload.path("threshold").asInt() >= USED_UP;
    return isUsedUp ? Optional.of(NoticeKind.QUOTA_EXHAUSTED) : NoticeKind.of(event);
  }

  private static String data(NoticeKind kind, String customer, JsonNode payload)
      throws JsonProcessingException {
    ObjectNode data = JSON.createObjectNode();
    if (!customer.isEmpty()) {
      data.put("customerId", customer);
    }
    for (String each : kind.fields()) {
      JsonNode value = payload.get(each);
      if (value != null && !value.isNull()) {
        data.set(each, value);
      }
    }
    return JSON.writeValueAsString(data);
  }

  private String customer(JsonNode payload, Instant at) {
    String named = payload.path("customerId").asText("");
    if (!named.isEmpty()) {
      return named;
    }
    String app = payload.path("appId").asText("");
    return app.isEmpty() ? ofQuota(payload.path("quota").asText(""), at) : ofApp(app, at);
  }

  /** The name of a quota begins with whose it is: {@code customer/acme/…}, {@code key/k_1/…}. */
  private String ofQuota(String quota, Instant at) {
    String[] parts = quota.split("/", 3);
    if (parts.length < 2) {
      return "";
    }
    return switch (parts[0]) {
      case "customer" -> parts[1];
      case "app" -> ofApp(parts[1], at);
      case "key" ->
          new KeyAdmin(database, null, SERVER)
              .one(parts[1])
              .map(StoredKey::appId)
              .map(app -> ofApp(app, at))
              .orElse("");
      default -> "";
    };
  }

  private String ofApp(String app, Instant at) {
    return new Customers(database, SERVER).ofApp(app, at).map(Customer::id).orElse("");
  }
}
