package io.billingsdk.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.testbed.Proof;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every operation of the document gives every answer that the document has for it, each as it is
 * documented. Without this an answer that no test asks for could be documented in any way.
 */
@Tag("postgres")
class DocumentedResponsesTest {
  @TempDir Path directory;

  private HttpTestbed http;
  private ValidRequests requests;

  @BeforeEach
  void start() throws SQLException {
    http = new HttpTestbed(directory);
    requests = new ValidRequests(http);
  }

  @AfterEach
  void stop() {
    http.close();
  }

  @Test
  void operations_giveEveryAnswerThatIsDocumented_asItIsDocumented() throws SQLException {
    for (Operation each : Operation.all()) {
      succeed(each);
      fail(each);
    }
    http.setUp(false);
    assertThat(http.send("GET", "/api/v1/health/ready", null, null).status()).isEqualTo(503);
    Set<String> documented = documented();
    assertThat(http.contract().seen()).containsExactlyInAnyOrderElementsOf(documented);
    Proof.of("openapi-responses")
        .with("operations", Operation.all().size())
        .with("responses", documented.size())
        .with("bodies", http.contract().bodies())
        .with("invalid", 0)
        .print();
  }

  private static Set<String> documented() {
    Set<String> documented = new TreeSet<>();
    for (Operation each : Operation.all()) {
      each.node()
          .path("responses")
          .fieldNames()
          .forEachRemaining(status -> documented.add(each.id() + " " + status));
    }
    return documented;
  }

  /** Twice, since some answer otherwise when it is done already. */
  private void succeed(Operation operation) throws SQLException {
    boolean hasTwo =
        operation.node().path("responses").has("200")
            && operation.node().path("responses").has("201");
    String path = requests.pathOfItsOwn(operation);
    String body = requests.body(operation.id());
    for (int i = 0; i < (hasTwo ? 2 : 1); i++) {
      HttpTestbed.Reply reply = requests.send(operation, path, body, http.writeToken());
      assertThat(reply.status()).as(operation.line() + reply.body()).isLessThan(300);
    }
    if (operation.method().equals("GET")) {
      String token = requests.readerToken(operation);
      assertThat(http.send("HEAD", path, token, null).status()).as(path).isEqualTo(200);
    }
  }

  private void fail(Operation operation) throws SQLException {
    if (operation.isHolder()) {
      String body = operation.mediaTypes().isEmpty() ? null : "{\"event_type\":\"x\"}";
      HttpTestbed.Reply reply = requests.send(operation, operation.path(), body, null);
      assertThat(reply.status()).as(operation.line()).isIn(400, 401);
      return;
    }
    // Some ignore what they do not know.
    String wrong = operation.node().path("x-ignores-unknown").asBoolean() ? "?%ff" : "?nothing=1";
    String path = requests.pathOfItsOwn(operation) + (operation.isPublic() ? wrong : "");
    HttpTestbed.Reply reply = requests.send(operation, path, requests.body(operation.id()), null);
    assertThat(reply.status()).as(operation.line()).isEqualTo(operation.isPublic() ? 400 : 401);
  }
}
