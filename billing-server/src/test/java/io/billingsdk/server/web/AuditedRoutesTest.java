package io.billingsdk.server.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.server.keys.KeyAdmin;
import io.billingsdk.server.keys.KeyTerms;
import io.billingsdk.server.web.HttpTestbed.Reply;
import io.billingsdk.server.web.RequestMaker.Made;
import io.billingsdk.testbed.Proof;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Over every operation of the document that changes something. */
class AuditedRoutesTest {
  private static final int TRIES = 100;
  private static final int CHANGES = 3;

  /** Bodies that their schema alone would not lead to. */
  private static final Map<String, String> EXAMPLES =
      Map.of("attribute", "{\"appId\":\"acme\",\"named\":\"k_lost\",\"reason\":\"made since\"}");

  @TempDir Path directory;

  @Test
  void change_ofAnyKind_leavesEntriesOfItsCaller_andARefusalNone() throws SQLException {
    long seed = Long.getLong("audit.seed", System.nanoTime());
    System.out.println("audit-routes seed=" + seed);
    Random random = new Random(seed);
    List<Operation> operations =
        Operation.all().stream().filter(each -> each.access().equals("write")).toList();
    int refused = 0;
    int changes = 0;
    try (HttpTestbed http = new HttpTestbed(directory)) {
      LedgerRows.addTo(http.world());
      for (Operation operation : operations) {
        int made = 0;
        for (int i = 0; i < TRIES && made < CHANGES; i++) {
          RequestMaker maker = new RequestMaker(random, known(http));
          long before = entries(http);
          Reply reply = send(http, operation, request(maker, operation));
          long added = entries(http) - before;
          if (reply.status() < 300) {
            assertThat(added).as("%s %s", operation.id(), reply.body()).isPositive();
            made++;
          } else {
            assertThat(added).as("%s %s", operation.id(), reply.body()).isZero();
            refused++;
          }
        }
        assertThat(made).as("changes by %s; give it an example", operation.id()).isPositive();
        changes += made;
      }
      assertThat(http.world().count("SELECT count(*) FROM audit_log WHERE actor <> 'tester'"))
          .isZero();
    }
    Proof.of("audit-routes")
        .with("operations", operations.size())
        .with("changes", changes)
        .with("without_entry", 0)
        .with("refused", refused)
        .with("seed", seed)
        .print();
  }

  /** A key that is as good as new, and another that nobody can change any more. */
  private static Map<String, List<String>> known(HttpTestbed http) throws SQLException {
    KeyAdmin admin = new KeyAdmin(http.database(), null, HttpTestbed.TESTER);
    if (http.world().count("SELECT count(*) FROM app WHERE app_id = 'acme'") == 0) {
      admin.createApp("acme", "Acme");
    }
    List<String> keys = new ArrayList<>();
    keys.add(admin.create("acme", KeyTerms.UNLIMITED, /* legacy= */ false).keyId());
    keys.add("k_none");
    return new TreeMap<>(Map.of("appId", List.of("acme"), "keyId", keys));
  }

  private static Made request(RequestMaker maker, Operation operation) {
    String example = EXAMPLES.get(operation.id());
    return example == null
        ? maker.valid(operation)
        : new Made(operation.path(), example, List.of("Content-Type", "application/json"));
  }

  private static long entries(HttpTestbed http) throws SQLException {
    return http.world().count("SELECT count(*) FROM audit_log");
  }

  private static Reply send(HttpTestbed http, Operation operation, Made made) {
    byte[] body = made.body();
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("https://localhost:" + http.port() + made.path()))
            .timeout(Duration.ofSeconds(30))
            .method(
                operation.method(),
                body == null ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body))
            .header("Authorization", "Bearer " + http.writeToken());
    if (!made.headers().isEmpty()) {
      request.headers(made.headers().toArray(String[]::new));
    }
    return http.send(request.build());
  }
}
