package io.billingsdk.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.server.access.Principal.Scope;
import io.billingsdk.server.access.Tokens;
import io.billingsdk.server.customers.Customers;
import io.billingsdk.server.customers.Customers.NewCustomer;
import io.billingsdk.server.http.HttpTestbed.Reply;
import io.billingsdk.server.notifications.LinkTokens;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who may change which notifications, and what is shown of secrets. */
@Tag("postgres")
class NotificationRoutesTest {
  private static final String ACME = "/api/v1/customers/acme";
  private static final String HOOK = "{\"url\":\"https://hooks.example.com/in\"}";

  @TempDir static Path directory;
  private static HttpTestbed http;
  private static String ofAcme;

  @BeforeAll
  static void start() throws SQLException {
    http = new HttpTestbed(directory);
    for (String each : new String[] {"acme", "bolt"}) {
      var unused =
          new Customers(http.database(), HttpTestbed.TESTER)
              .create(NewCustomer.of(each, each, "USD", "UTC"));
    }
    ofAcme =
        new Tokens(http.database())
            .createForCustomer(HttpTestbed.TESTER, "tester", "acme", Duration.ofHours(1))
            .text();
  }

  @AfterAll
  static void stop() {
    http.close();
  }

  private static Reply as(String token, String method, String path, @Nullable String json) {
    return http.send(method, path, token, json);
  }

  @Test
  void tokenOfACustomer_managesItsOwnEndpointsAlone() {
    Reply made = as(ofAcme, "POST", ACME + "/webhooks", HOOK);
    assertThat(made.status()).isEqualTo(201);
    assertThat(made.json().path("secret").asText()).startsWith("whsec_");
    String one = ACME + "/webhooks/" + made.json().path("endpointId").asText();
    assertThat(as(ofAcme, "GET", one, null).body()).doesNotContain("whsec_");
    assertThat(as(ofAcme, "POST", one + "/rotate", null).json().path("oldSecretUntil").asText())
        .isNotEmpty();
    assertThat(as(ofAcme, "PATCH", one, "{\"enabled\":false}").json().path("state").asText())
        .isEqualTo("disabled");
    assertThat(as(ofAcme, "DELETE", one, null).status()).isEqualTo(200);
    assertThat(as(ofAcme, "GET", one, null).status()).isEqualTo(404);
    assertThat(as(ofAcme, "POST", "/api/v1/customers/bolt/webhooks", HOOK).status()).isEqualTo(404);
    assertThat(as(ofAcme, "POST", "/api/v1/webhooks", HOOK).status()).isEqualTo(403);
    assertThat(as(ofAcme, "PATCH", ACME, "{\"name\":\"x\"}").status()).isEqualTo(403);
  }

  @Test
  void otherTokens_changeByTheirScope() throws SQLException {
    String read = http.token(Scope.READ, null);
    String finance = http.token(Scope.FINANCE, null);
    String write = http.token(Scope.WRITE, null);
    assertThat(as(read, "POST", ACME + "/webhooks", HOOK).status()).isEqualTo(403);
    assertThat(as(write, "POST", ACME + "/webhooks", HOOK).status()).isEqualTo(403);
    assertThat(as(finance, "POST", ACME + "/webhooks", HOOK).status()).isEqualTo(201);
    assertThat(as(finance, "POST", "/api/v1/webhooks", HOOK).status()).isEqualTo(403);
    assertThat(as(read, "GET", ACME + "/webhooks", null).status()).isEqualTo(200);
  }

  @Test
  void endpoint_ofAnotherOwner_isNotThere() {
    Reply made = http.send("POST", "/api/v1/customers/bolt/webhooks", HOOK);
    String id = made.json().path("endpointId").asText();
    assertThat(as(ofAcme, "GET", ACME + "/webhooks/" + id, null).status()).isEqualTo(404);
    assertThat(as(ofAcme, "POST", ACME + "/webhooks/" + id + "/rotate", null).status())
        .isEqualTo(404);
    assertThat(http.get("/api/v1/webhooks/" + id).status()).isEqualTo(404);
  }

  @Test
  void wrongValues_areRefusedByTheirField() {
    assertThat(http.send("POST", ACME + "/webhooks", "{\"url\":\"https://10.0.0.1/\"}").body())
        .contains("url must be the URL of a public address");
    assertThat(
            http.send(
                    "POST",
                    ACME + "/webhooks",
                    "{\"url\":\"https://h.example/\",\"kinds\":[\"nothing.*\"]}")
                .body())
        .contains("kinds must be kinds of notices");
    assertThat(
            http.send(
                    "POST",
                    ACME + "/notifications/recipients",
                    "{\"address\":\"a@example.com\\r\\nBcc: b@example.com\"}")
                .body())
        .contains("address must be a plain address");
    assertThat(http.send("POST", "/api/v1/customers/nobody/webhooks", HOOK).status())
        .isEqualTo(404);
  }

  @Test
  void linkOfAMail_asksFirst_andEndsAKindWithoutAToken() {
    Reply made =
        as(ofAcme, "POST", ACME + "/notifications/recipients", "{\"address\":\"a@acme.example\"}");
    String id = made.json().path("recipientId").asText();
    String link = "/api/v1/notifications/unsubscribe?token=" + LinkTokens.of(http.secrets(), id);
    Reply asked = http.send("GET", link, null, null, "Accept-Language", "zh-CN,zh;q=0.9");
    assertThat(asked.status()).isEqualTo(200);
    assertThat(asked.body()).contains("<form method=\"post\"").contains("不再接收");
    String recipients = ACME + "/notifications/recipients";
    assertThat(as(ofAcme, "GET", recipients, null).body()).contains("\"muted\":[]");
    Reply ended =
        http.send(
            "POST",
            link,
            null,
            "List-Unsubscribe=One-Click",
            "Content-Type",
            "application/x-www-form-urlencoded");
    assertThat(ended.status()).isEqualTo(200);
    assertThat(as(ofAcme, "GET", recipients, null).body())
        .contains("\"muted\":[\"subscription.renewed\"]");
    assertThat(http.send("GET", link + "0", null, null).status()).isEqualTo(400);
  }
}
