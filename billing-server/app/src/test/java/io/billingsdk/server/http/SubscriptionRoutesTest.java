package io.billingsdk.server.http;

import static io.billingsdk.server.http.BilledCustomers.SUBSCRIPTIONS;
import static io.billingsdk.server.http.BilledCustomers.start;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.billingsdk.server.http.HttpTestbed.Reply;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Subscriptions over HTTP. */
@Tag("postgres")
class SubscriptionRoutesTest {
  @TempDir Path directory;

  private HttpTestbed http;
  private BilledCustomers customers;

  @BeforeEach
  void open() {
    http = new HttpTestbed(directory);
    customers = new BilledCustomers(http);
  }

  @AfterEach
  void close() {
    http.close();
  }

  @Test
  void start_answersAsItsPreview_andIsThenThere() {
    String customer = customers.customer();
    JsonNode preview =
        http.get(SUBSCRIPTIONS + "/preview?customerId=" + customer + "&plan=pro").json();
    Reply made = http.send("POST", SUBSCRIPTIONS, start(customer, "pro"));
    assertThat(made.status()).isEqualTo(201);
    assertThat(made.json().at("/changes/0/lines/0/share"))
        .isEqualTo(preview.at("/changes/0/lines/0/share"));
    assertThat(made.json().path("total")).isEqualTo(preview.path("total"));
    String at = made.header("Location").orElseThrow();
    assertThat(http.get(at).json()).isEqualTo(made.json().path("subscription"));
    assertThat(http.get(at + "/events").json().at("/items/0/lines"))
        .isEqualTo(made.json().at("/changes/0/lines"));
    assertThat(http.get(SUBSCRIPTIONS + "?customerId=" + customer).json().path("items"))
        .containsExactly(made.json().path("subscription"));
  }

  @Test
  void switch_answersByteByByteAsItsPreviewAtTheSameMoment() {
    String path = SUBSCRIPTIONS + "/" + customers.subscription("pro");
    String at = http.get(path).json().path("changedAt").asText();
    Reply preview = http.get(path + "/preview?act=switch&plan=enterprise&at=" + at);
    Reply done =
        http.send(
            "POST",
            path + "/changes",
            "{\"act\":\"switch\",\"plan\":\"enterprise\",\"at\":\"%s\"}".formatted(at));
    assertThat(done.status()).isEqualTo(200);
    assertThat(done.body()).isEqualTo(preview.body());
    assertThat(done.json().at("/changes/0/lines")).hasSize(2);
  }

  @Test
  void repetition_withTheSameIdempotencyKey_isDoneOnce() {
    String path = SUBSCRIPTIONS + "/" + customers.subscription("pro") + "/changes";
    String[] key = {"Idempotency-Key", "once", "Content-Type", "application/json"};
    String body = "{\"act\":\"pause\"}";
    Reply first = http.send("POST", path, http.writeToken(), body, key);
    Reply second = http.send("POST", path, http.writeToken(), body, key);
    assertThat(second.body()).isEqualTo(first.body());
    assertThat(second.header("Idempotent-Replayed")).contains("true");
    Reply third = http.send("POST", path, body);
    assertThat(third.status()).isEqualTo(409);
    assertThat(third.json().path("detail").asText()).contains("it is paused. Resume it first");
  }

  @Test
  void list_comesByPages_eachOnce() {
    for (int i = 0; i < 5; i++) {
      customers.subscription("free");
    }
    List<String> seen = new ArrayList<>();
    String next = "";
    do {
      JsonNode page = http.get(SUBSCRIPTIONS + "?plan=free&limit=2" + next).json();
      page.path("items").forEach(each -> seen.add(each.path("subscriptionId").asText()));
      next = page.has("next") ? "&cursor=" + page.path("next").asText() : "";
    } while (!next.isEmpty());
    assertThat(seen).hasSize(5).doesNotHaveDuplicates().isSorted();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"act\":\"leap\"} | 400 | act",
        "{} | 400 | act",
        "{\"act\":\"switch\"} | 400 | plan",
        "{\"act\":\"pause\",\"plan\":\"pro\"} | 400 | plan",
        "{\"act\":\"pause\",\"timing\":\"now\"} | 400 | timing",
        "{\"act\":\"cancel\",\"timing\":\"soon\"} | 400 | timing",
        "{\"act\":\"switch\",\"plan\":\"none\"} | 404 | plan",
        "{\"act\":\"switch\",\"plan\":\"pro\"} | 409 | plan",
        "{\"act\":\"resume\"} | 409 | subscription",
        "{\"act\":\"pause\",\"revision\":9} | 409 | revision",
        "{\"act\":\"pause\",\"at\":\"2020-01-01T00:00:00Z\"} | 400 | at",
        "{\"act\":\"pause\",\"at\":\"2999-01-01T00:00:00Z\"} | 400 | at",
        "{\"act\":\"pause\",\"reason\":\"r\"} | 400 | reason"
      })
  void change_thatIsWrong_isRefusedByItsField_andChangesNothing(
      String body, int status, String field) {
    String path = SUBSCRIPTIONS + "/" + customers.subscription("pro");
    Reply reply = http.send("POST", path + "/changes", body);
    assertThat(reply.status()).as(reply.body()).isEqualTo(status);
    assertThat(reply.json().path("field").asText()).isEqualTo(field);
    assertThat(http.get(path).json().path("revision").asLong()).isEqualTo(1);
    if (!field.equals("reason")) {
      assertThat(preview(path, body).json().path("field").asText()).isEqualTo(field);
    }
  }

  /** The preview of the same change; beyond a moment that only a preview may have. */
  private Reply preview(String path, String body) {
    StringBuilder query = new StringBuilder("?");
    ObjectNode fields = (ObjectNode) new Reply(0, "", body, null).json();
    fields
        .properties()
        .forEach(
            each ->
                query
                    .append(each.getKey())
                    .append('=')
                    .append(each.getValue().asText())
                    .append('&'));
    query.setLength(query.length() - 1);
    return http.get(path + "/preview" + query);
  }

  @Test
  void unknownCustomer_andPlan_andSubscription_areNotFound() {
    assertThat(http.send("POST", SUBSCRIPTIONS, start("nobody", "pro")).status()).isEqualTo(404);
    assertThat(http.send("POST", SUBSCRIPTIONS, start(customers.customer(), "none")).status())
        .isEqualTo(404);
    String none = SUBSCRIPTIONS + "/6f1c0f0e-8f43-4a52-9f2e-0c5a1d1b7c11";
    assertThat(http.get(none).status()).isEqualTo(404);
    assertThat(http.get(none + "/events").status()).isEqualTo(404);
    assertThat(http.get(SUBSCRIPTIONS + "/7").status()).isEqualTo(400);
  }
}
