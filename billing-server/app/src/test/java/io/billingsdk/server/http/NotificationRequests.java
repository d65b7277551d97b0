package io.billingsdk.server.http;

import io.billingsdk.server.http.HttpTestbed.Reply;
import io.billingsdk.server.notifications.LinkTokens;
import java.sql.SQLException;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Requests of notifications that succeed, over the rows that they need. */
final class NotificationRequests {
  private static final String BASE = "/api/v1";
  private static final String CUSTOMER = "/api/v1/customers/customer";

  private final HttpTestbed http;
  private final String endpoint;
  private final String endpointOfCustomer;
  private final String recipient;
  private final String recipientOfCustomer;
  private int number;

  /** Adds an endpoint and an address of the operator, and of the customer {@code customer}. */
  NotificationRequests(HttpTestbed http) {
    this.http = http;
    this.endpoint = newEndpoint(BASE);
    this.endpointOfCustomer = newEndpoint(CUSTOMER);
    this.recipient = newRecipient(BASE);
    this.recipientOfCustomer = newRecipient(CUSTOMER);
  }

  private String newEndpoint(String base) {
    Reply made =
        http.send("POST", base + "/webhooks", "{\"url\":\"https://hooks.example.com/in\"}");
    return made.status() == 201 ? made.json().path("endpointId").asText() : endpoint;
  }

  private String newRecipient(String base) {
    Reply made =
        http.send(
            "POST",
            base + "/notifications/recipients",
            "{\"address\":\"ops-%d@example.com\"}".formatted(++number));
    return made.status() == 201 ? made.json().path("recipientId").asText() : recipient;
  }

  private String newMail(String to) throws SQLException {
    String mail = UUID.randomUUID().toString();
    http.world()
        .execute(
            """
            INSERT INTO notice VALUES ('%1$s', 'key.blocked', 'customer', '{}', now(), now());
            INSERT INTO mail_delivery (mail_id, event_id, recipient_id, customer, address, state,
              next_attempt_at, deadline, created_at)
            VALUES ('%1$s', '%1$s', '%2$s', 'customer', 'ops@example.com', 'dead', now(), now(), now())
            """
                .formatted(mail, to));
    return mail;
  }

  /** Its path with what is there, and something new for those that remove it. */
  String path(Operation operation, String path) throws SQLException {
    boolean ofCustomer = path.startsWith("/api/v1/customers/");
    String base = ofCustomer ? CUSTOMER : BASE;
    boolean removes = operation.method().equalsIgnoreCase("delete");
    String named = path;
    if (path.contains("{endpointId}")) {
      String shared = ofCustomer ? endpointOfCustomer : endpoint;
      named = path.replace("{endpointId}", removes ? newEndpoint(base) : shared);
    }
    if (path.contains("{recipientId}")) {
      String shared = ofCustomer ? recipientOfCustomer : recipient;
      named = path.replace("{recipientId}", removes ? newRecipient(base) : shared);
    }
    if (path.contains("{mailId}")) {
      named = path.replace("{mailId}", newMail(ofCustomer ? recipientOfCustomer : recipient));
    }
    return path.endsWith("/unsubscribe")
        ? path + "?token=" + LinkTokens.of(http.secrets(), recipient)
        : named;
  }

  /** Null for those that have none. */
  @Nullable String body(String operation) {
    return switch (operation.replaceFirst("OfCustomer$", "")) {
      case "createWebhook" -> "{\"url\":\"https://hooks.example.com/in\",\"kinds\":[\"quota.*\"]}";
      case "changeWebhook" ->
          "{\"url\":\"https://hooks.example.com/%d\",\"kinds\":[\"*\"],\"enabled\":true}"
              .formatted(++number);
      case "replayDeliveries" -> "{\"since\":\"2020-01-01T00:00:00Z\"}";
      case "addRecipient" ->
          "{\"address\":\"ops-%d@example.com\",\"kinds\":[\"quota.*\"],\"locale\":\"zh-CN\"}"
              .formatted(++number);
      case "changeRecipient" -> "{\"kinds\":[\"*\"],\"locale\":\"en\"}";
      default -> null;
    };
  }
}
