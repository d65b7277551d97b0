package io.billingsdk.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.server.http.HttpTestbed.Reply;
import io.billingsdk.server.http.RequestMaker.MadeRequest;
import io.billingsdk.server.keys.KeyAdmin;
import io.billingsdk.server.keys.KeyEntitlements;
import io.billingsdk.testbed.Proof;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Requests that are generated from the document and mutated: whatever comes, the server has no
 * fault, shows nothing of its inside, and names what is wrong.
 */
@Tag("postgres")
class HttpFuzzTest {
  private static final int REPEATS = 4;
  private static final int REQUESTS = Integer.getInteger("http.fuzz.requests", 4_000);
  private static final int RELEASE = 1_000_000;
  private static final int THREADS = 4;

  @TempDir Path directory;

  /** Each of them named its field. */
  private int refusals;

  private HttpTestbed http;
  private final Map<String, List<String>> known =
      new TreeMap<>(
          Map.of(
              "appId", List.of("acme", "a/b %25", "none"),
              "stream", List.of(LedgerRows.STREAM),
              "body.stream", List.of(LedgerRows.STREAM),
              "body.seq", List.of(LedgerRows.SEQ),
              "body.occurredAt", List.of(LedgerRows.OCCURRED_AT)));

  @BeforeEach
  void start() throws Exception {
    http = new HttpTestbed(directory);
    KeyAdmin admin = new KeyAdmin(http.database(), null, HttpTestbed.TESTER);
    List<String> keys = new ArrayList<>();
    for (String app : List.of("acme", "a/b %25")) {
      admin.createApp(app, app);
      for (int i = 0; i < 4; i++) {
        keys.add(admin.create(app, KeyEntitlements.UNLIMITED, /* legacy= */ false).keyId());
      }
    }
    known.put("keyId", keys);
    known.put("body.keyId", keys);
    LedgerRows.addTo(http.world());
    known.put("id", addReplayable(keys.get(0)));
  }

  /** Rejected events that can be taken in again; returns their ids and those of the others. */
  private List<String> addReplayable(String keyId) throws Exception {
    http.world()
        .execute(
            """
            INSERT INTO rejected_event (stream, seq, code, detail, content)
            SELECT '%s', 1000 + n, 'IN_FUTURE', 'd', json_build_object('ts', %d, 'key_id', '%s',
              'module', 'llm', 'model', 'x', 'usage', n)
            FROM generate_series(1, 40) AS n
            """
                .formatted(LedgerRows.STREAM, System.currentTimeMillis(), keyId));
    List<String> ids = new ArrayList<>();
    for (int id = 1; id <= http.world().count("SELECT max(id) FROM rejected_event"); id++) {
      ids.add(Integer.toString(id));
    }
    return ids;
  }

  @AfterEach
  void stop() {
    http.close();
  }

  @Test
  void requests_ofAnyKind_causeNoFault_andAreRefusedByName() throws Exception {
    long seed = Long.getLong("http.fuzz.seed", System.nanoTime());
    System.out.println("http-fuzz seed=" + seed);
    long began = System.nanoTime();
    ExecutorService clients = Executors.newFixedThreadPool(THREADS);
    Map<Integer, Integer> statuses = new TreeMap<>();
    try {
      List<Future<Map<Integer, Integer>>> runs = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        Random random = new Random(seed + i);
        runs.add(clients.submit(() -> run(random, REQUESTS / THREADS)));
      }
      for (Future<Map<Integer, Integer>> run : runs) {
        run.get().forEach((status, times) -> statuses.merge(status, times, Integer::sum));
      }
    } finally {
      clients.shutdownNow();
    }
    assertThat(http.get("/api/v1/apps").status()).isEqualTo(200);
    // A fuzzer whose requests are all refused at the door tests the door alone.
    assertThat(statuses.getOrDefault(200, 0) + statuses.getOrDefault(201, 0))
        .isGreaterThan(REQUESTS / 10);
    assertThat(statuses.getOrDefault(400, 0)).isGreaterThan(REQUESTS / 10);
    long corrections = http.world().count("SELECT count(*) FROM correction");
    long replays = http.world().count("SELECT count(*) FROM replay");
    assertThat(List.of(corrections, replays)).doesNotContain(0L);
    Proof.sized("http-fuzz", REQUESTS, RELEASE)
        .with("requests", REQUESTS)
        .with("operations", Operation.all().size())
        .with("statuses", statuses.toString().replace(" ", ""))
        .with("corrections", corrections)
        .with("replays", replays)
        .with("server_faults", faults(statuses))
        .with("refusals_with_a_field", refusals)
        .with("bodies_as_documented", http.contract().bodies())
        .with("ms", (System.nanoTime() - began) / 1_000_000)
        .with("seed", seed)
        .print();
  }

  private static int faults(Map<Integer, Integer> statuses) {
    return statuses.entrySet().stream()
        .filter(each -> each.getKey() >= 500)
        .mapToInt(Map.Entry::getValue)
        .sum();
  }

  private Map<Integer, Integer> run(Random random, int requests) {
    RequestMaker maker = new RequestMaker(random, known);
    List<Operation> operations =
        Operation.all().stream().filter(each -> !each.isStreamed()).toList();
    // Few of their requests are right, and the run must see some that are.
    List<Operation> strict = operations.stream().filter(HttpFuzzTest::isStrict).toList();
    Map<Integer, Integer> statuses = new TreeMap<>();
    for (int i = 0; i < requests; i++) {
      List<Operation> among = random.nextInt(10) == 0 ? strict : operations;
      Operation operation = among.get(random.nextInt(among.size()));
      MadeRequest made = maker.any(operation);
      Reply reply = send(random, operation, made);
      judge(operation, made, reply);
      statuses.merge(reply.status(), 1, Integer::sum);
    }
    return statuses;
  }

  private static boolean isStrict(Operation operation) {
    return operation.path().endsWith("/corrections") || operation.path().contains("/rejected/");
  }

  private Reply send(Random random, Operation operation, MadeRequest made) {
    byte[] body = made.body();
    BodyPublisher sent =
        body == null
            ? BodyPublishers.noBody()
            : random.nextInt(10) == 0
                // Of a length that the request does not say.
                ? BodyPublishers.ofInputStream(() -> new java.io.ByteArrayInputStream(body))
                : BodyPublishers.ofByteArray(body);
    String method = random.nextInt(40) == 0 ? "PUT" : operation.method();
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("https://localhost:" + http.port() + made.path()))
            .timeout(Duration.ofSeconds(30))
            .method(method, sent);
    request.headers(made.headers().toArray(String[]::new));
    if (random.nextInt(40) != 0) {
      request.header("Authorization", "Bearer " + http.writeToken());
    }
    return answered(request.build());
  }

  /**
   * The answer; asked for again where the connection ended. A server may refuse a path at once and
   * close, and the answer is lost when the rest of the body is still on its way.
   */
  private Reply answered(HttpRequest request) {
    for (int i = 0; i < REPEATS; i++) {
      try {
        return http.send(request);
      } catch (AssertionError lost) {
        if (!(lost.getCause() instanceof IOException)) {
          throw lost;
        }
      }
    }
    return http.send(request);
  }

  private void judge(Operation operation, MadeRequest made, Reply reply) {
    String what = operation.method() + " " + made + " -> " + reply.status() + " " + reply.body();
    assertThat(reply.status()).as(what).isLessThan(500);
    boolean isTable = reply.contentType().startsWith("text/csv");
    if (operation.isJson() && !isTable) {
      // The document says which of them is a list, and which can be a table.
      assertThat(reply.json().isContainerNode()).as(what).isTrue();
    }
    if (reply.status() >= 400) {
      assertThat(reply.json().isObject()).as(what).isTrue();
      assertThat(reply.contentType()).as(what).startsWith(Problem.CONTENT_TYPE);
      assertThat(reply.json().path("field").asText()).as(what).isNotBlank();
      assertThat(reply.json().path("detail").asText()).as(what).isNotBlank();
      assertThat(reply.body()).as(what).doesNotContain("Exception", "\\tat ", "io.billingsdk");
      refusals++;
    }
  }
}
