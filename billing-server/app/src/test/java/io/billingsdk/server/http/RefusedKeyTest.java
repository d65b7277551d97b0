package io.billingsdk.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.server.http.HttpTestbed.Reply;
import io.billingsdk.server.keys.KeyAdmin;
import io.billingsdk.server.keys.KeyEntitlements;
import org.junit.jupiter.api.Test;

/**
 * A key in an event that the server refuses: it is masked, and the answer names the right field.
 */
class RefusedKeyTest extends KeyMaskingFixture {
  /** Keys of another form, which only the table of keys knows, in what was refused. */
  @Test
  void importedKey_inARefusedEvent_isMaskedByTheTable() throws Exception {
    new KeyAdmin(http.database(), null, HttpTestbed.TESTER)
        .importKey(
            "k_old", "sk-Imported-77x", "acme", KeyEntitlements.UNLIMITED, /* legacy= */ false);
    for (String name : NAMES) {
      post("/api/v1/events", "application/json", event(false, name + "x", "\"sk-Imported-77x\""));
      post(
          "/api/v1/events",
          "application/json",
          event(false, name + "y", "{\"sk-Imported-77x\":1}"));
      post(
          "/api/v1/events",
          "application/json",
          event(false, name + "z", "\"key sk-Imported-77x.\""));
    }
    String raw = event(false, "keyId", "\"sk-Imported-77x\"");
    Reply counted =
        http.send(
            "POST", "/api/v1/events", http.writeToken(), raw, "Content-Type", "application/json");
    assertThat(counted.status()).isEqualTo(201);
    assertThat(http.world().count("SELECT count(*) FROM usage_event WHERE key_id = 'k_old'"))
        .isEqualTo(1);
    for (String table : tables()) {
      assertThat(
              http.world()
                  .count(
                      "SELECT count(*) FROM "
                          + table
                          + " AS t WHERE position('Imported-77x' IN t::text) > 0"))
          .as(table)
          .isZero();
    }
  }

  @Test
  void answer_namesTheFieldThatWasSent_andTheOneThatIsMeant() {
    String event = event(/* wire= */ false, "api_key", "\"" + key.text() + "\"");
    Reply reply =
        http.send(
            "POST", "/api/v1/events", http.writeToken(), event, "Content-Type", "application/json");
    assertThat(reply.json().path("field").asText()).isEqualTo("api_key");
    assertThat(reply.json().path("detail").asText())
        .isEqualTo("api_key must be left out: an event has no such field, but apiKey");
    Reply empty =
        http.send(
            "POST",
            "/api/v1/events",
            http.writeToken(),
            "{\"apiKey\":\"\",\"module\":\"m\",\"model\":\"n\",\"usage\":1}",
            "Content-Type",
            "application/json");
    assertThat(empty.json().path("field").asText()).isEqualTo("apiKey");
  }
}
