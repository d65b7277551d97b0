package io.billingsdk.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.billingsdk.server.http.Contract.Answered;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whether an answer that is not as the document says is found. */
class ContractTest {
  private static final String APP =
      "{\"appId\":\"a\",\"name\":\"A\",\"createdAt\":\"2026-01-15T12:30:00Z\"}";

  private final Contract contract = new Contract();

  private static Answered json(String method, String path, int status, String body) {
    return new Answered(
        method, path, status, Map.of("Content-Type", "application/json; charset=utf-8"), body);
  }

  private static Answered with(Answered answer, String header, String value) {
    Map<String, String> headers = new TreeMap<>(answer.headers());
    headers.put(header.toLowerCase(Locale.ROOT), value);
    return new Answered(answer.method(), answer.path(), answer.status(), headers, answer.body());
  }

  private static Answered problem(String path, int status, String body) {
    return with(json("GET", path, status, body), "Content-Type", "application/problem+json");
  }

  private void assertFound(Answered answer, String what) {
    assertThatThrownBy(() -> contract.check(answer))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining(what);
  }

  @Test
  void check_anAnswerAsDocumented_isCounted() {
    contract.check(json("GET", "/api/v1/apps/a", 200, APP));
    contract.check(json("GET", "/api/v1/apps", 200, "{\"items\":[" + APP + "],\"next\":\"x\"}"));
    assertThat(contract.bodies()).isEqualTo(2);
    assertThat(contract.seen()).containsExactlyInAnyOrder("getApp 200", "listApps 200");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'appId':'a','name':'A','createdAt':'2026-01-15T12:30:00Z','secret':'s'}|secret",
        "{'appId':'a','createdAt':'2026-01-15T12:30:00Z'}|name",
        "{'appId':'a','name':'A','createdAt':'yesterday'}|createdAt",
        "{'appId':'a','name':7,'createdAt':'2026-01-15T12:30:00Z'}|name",
        "{'appId':'','name':'A','createdAt':'2026-01-15T12:30:00Z'}|appId",
        "[]|object",
        "{|no JSON",
      })
  void check_aBodyThatIsNotAsDocumented_isFound(String body, String what) {
    assertFound(json("GET", "/api/v1/apps/a", 200, body.replace('\'', '"')), what);
  }

  @Test
  void check_aPropertyDeepInside_isFound() {
    String app = APP.replace("\"appId\"", "\"planted\":1,\"appId\"");
    assertFound(json("GET", "/api/v1/apps", 200, "{\"items\":[" + app + "]}"), "planted");
  }

  @Test
  void check_anObjectThatIsOpen_mayHoldAnything() {
    String entry =
        "{\"id\":1,\"at\":\"2026-01-15T12:30:00Z\",\"actor\":\"a\",\"action\":\"key.block\","
            + "\"subject\":\"s\",\"after\":{\"any\":{\"thing\":1}}}";
    contract.check(json("GET", "/api/v1/audit", 200, "{\"items\":[" + entry + "]}"));
    assertThat(contract.bodies()).isEqualTo(1);
  }

  @Test
  void check_aStatusThatIsNotDocumented_isFound() {
    assertFound(json("GET", "/api/v1/apps/a", 202, APP), "status that is not documented");
  }

  @Test
  void check_anotherMediaType_isFound() {
    assertFound(
        with(json("GET", "/api/v1/apps/a", 200, APP), "content-type", "text/html"),
        "media type that is not documented");
  }

  @Test
  void check_aHeaderThatIsNotDocumented_isFound() {
    assertFound(
        with(json("GET", "/api/v1/apps/a", 200, APP), "X-Planted", "1"),
        "x-planted is not documented");
  }

  @Test
  void check_aHeaderThatIsRequired_isMissed() {
    Answered made = json("POST", "/api/v1/apps", 201, APP);
    assertFound(made, "location");
    contract.check(with(made, "Location", "/api/v1/apps/a"));
  }

  @Test
  void check_aHeaderOfAnotherValue_isFound() {
    String body = "{\"type\":\"/problems/busy\",\"title\":\"t\",\"status\":503,\"detail\":\"d\"}";
    contract.check(with(problem("/api/v1/apps", 503, body), "Retry-After", "5"));
    assertFound(with(problem("/api/v1/apps", 503, body), "Retry-After", "0"), "retry-after");
    assertFound(with(problem("/api/v1/apps", 503, body), "Retry-After", "soon"), "retry-after");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/api/v1/apps", "/api/v1/nothing", "/nothing"})
  void check_aProblemOfAnyPath_mustBeOne(String path) {
    contract.check(
        problem(path, 404, "{\"type\":\"/p\",\"title\":\"t\",\"status\":404,\"detail\":\"d\"}"));
    assertFound(problem(path, 404, "{\"title\":\"t\",\"status\":404,\"detail\":\"d\"}"), "type");
    assertFound(json("GET", path, 404, "{}"), "media type");
  }

  @Test
  void check_aSuccessOfNoOperation_isFound() {
    assertFound(json("GET", "/api/v1/nothing", 200, "{}"), "of no operation");
  }

  @Test
  void check_aPathWithoutParameters_goesBeforeOneWithThem() {
    contract.check(
        json(
            "POST",
            "/api/v1/rejected/replay",
            200,
            "{\"dryRun\":true,\"looked\":0,\"stored\":0,\"duplicates\":0,\"rejected\":0,"
                + "\"results\":[]}"));
    assertThat(contract.seen()).containsExactly("replayAllRejected 200");
  }

  @Test
  void check_headOfAnOperation_hasNoBody() {
    contract.check(json("HEAD", "/api/v1/apps/a", 200, ""));
    assertFound(json("HEAD", "/api/v1/apps/a", 200, APP), "HEAD");
  }

  @Test
  void check_linesOfAStream_areHeldOneByOne() {
    Answered lines =
        with(
            json("POST", "/api/v1/events/stream", 200, "{\"through\":1}\n{\"through\":2}\n"),
            "content-type",
            "application/x-ndjson");
    contract.check(lines);
    assertThat(contract.bodies()).isEqualTo(2);
    assertFound(
        new Answered("POST", lines.path(), 200, lines.headers(), "{\"through\":1}\n{\"to\":2}\n"),
        "through");
  }

  @Test
  void checkEvent_anotherNameOrData_isFound() {
    Operation tail =
        Operation.all().stream().filter(Operation::isStreamed).findFirst().orElseThrow();
    contract.checkEvent(tail, "lost", "{\"atLeast\":1}");
    assertThatThrownBy(() -> contract.checkEvent(tail, "won", "{\"atLeast\":1}"))
        .hasMessageContaining("won");
    assertThatThrownBy(() -> contract.checkEvent(tail, "lost", "{\"atMost\":1}"))
        .hasMessageContaining("atMost");
  }
}
