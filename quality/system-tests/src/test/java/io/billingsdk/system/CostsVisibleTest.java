package io.billingsdk.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.billingsdk.BillingClient;
import io.billingsdk.ReportOutcome;
import io.billingsdk.UsageEvent;
import io.billingsdk.system.WholeServer.Http;
import io.billingsdk.testbed.Pace;
import io.billingsdk.testbed.Proof;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BiPredicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * How long it takes from {@code report} of a real client to the answer of each analytics API that
 * has the report in it. All APIs are asked again and again at the same time: what the questions
 * take themselves is part of the figure. Prints figures and asserts no time.
 */
final class CostsVisibleTest {
  private static final int RELEASE_ROUNDS = 500;
  private static final int ROUNDS =
      Integer.getInteger(
          "visible.rounds", "release".equals(System.getProperty("size")) ? RELEASE_ROUNDS : 10);
  private static final int WARM_UP = 3;
  private static final Duration PAUSE = Duration.ofMillis(5);
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path directory;

  private WholeServer server;
  private Http http;

  @BeforeEach
  void start() {
    server = WholeServer.start(directory.resolve("data"));
    http = server.http();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  /**
   * An API, and what says that a round is in its answer.
   *
   * @param path with %d for the number of the round
   */
  private record Api(String path, BiPredicate<JsonNode, Integer> shows) {
    String name() {
      return path.replaceAll("[?].*|/run-.*", "");
    }
  }

  private static Api rows(String path, String field, String value) {
    return new Api(
        path,
        (rows, round) -> {
          for (JsonNode row : rows) {
            if (row.path(field).asText().equals(value.formatted(round))) {
              return true;
            }
          }
          return false;
        });
  }

  private static List<Api> apis() {
    return List.of(
        rows("cost/users?topN=1000", "user_id", "user-%d"),
        rows("cost/services", "service", "service-%d"),
        // The last day has all reports of the test, of this round and of those before.
        new Api("cost/trend?days=2", (rows, round) -> uses(rows) > round),
        rows("cost/prompts", "operation", "gpt-4_outline_prompt-%d"),
        rows("performance/bottleneck", "step_name", "step-%d"),
        new Api(
            "recommendations",
            (rows, round) -> rows.toString().contains("gpt-4_outline_prompt-" + round + "\"")),
        new Api(
            "executions/run-%d",
            (run, round) -> run.path("costs").size() == 1 && run.path("steps").size() == 1));
  }

  private static long uses(JsonNode rows) {
    long uses = 0;
    for (JsonNode row : rows) {
      uses += row.path("operations_count").asLong();
    }
    return uses;
  }

  @Test
  void reports_ofCostsAndSteps_areInTheAnswerOfEachApi_afterTheTimesPrinted() throws Exception {
    server.operator().createApp("visible");
    Operator.NamedKey key = server.operator().createKey("visible");
    List<Api> apis = apis();
    long[][] nanos = new long[apis.size()][ROUNDS];
    ExecutorService threads = Executors.newFixedThreadPool(apis.size());
    try (BillingClient client =
        BillingClient.create(Visibility.config(server, directory.resolve("journal")))) {
      client.start();
      for (int round = 0; round < WARM_UP + ROUNDS; round++) {
        long begun = System.nanoTime();
        report(client, key, round);
        List<Future<Long>> seen = new ArrayList<>();
        for (Api api : apis) {
          int number = round;
          seen.add(threads.submit(() -> whenShown(api, number)));
        }
        for (int i = 0; i < seen.size(); i++) {
          long took = seen.get(i).get() - begun;
          if (round >= WARM_UP) {
            nanos[i][round - WARM_UP] = took;
          }
        }
      }
    } finally {
      threads.shutdownNow();
    }
    for (int i = 0; i < nanos.length; i++) {
      print(apis.get(i), nanos[i]);
    }
    assertThat(server.count("SELECT count(*) FROM cost WHERE state = 'priced'"))
        .isEqualTo(WARM_UP + ROUNDS);
  }

  private static void print(Api api, long[] nanos) {
    Arrays.sort(nanos);
    Proof.sized("visible-costs", ROUNDS, RELEASE_ROUNDS)
        .with("of", api.name())
        .with("rounds", ROUNDS)
        .with("p50_ms", Visibility.millis(nanos, 0.5))
        .with("p99_ms", Visibility.millis(nanos, 0.99))
        .with("max_ms", Visibility.millis(nanos, 1))
        .with("target", "p99<1000")
        .print();
  }

  private long whenShown(Api api, int round) throws Exception {
    long deadline = System.nanoTime() + Child.PATIENCE.toNanos();
    String path = "/api/analytics/" + api.path().formatted(round);
    while (true) {
      HttpResponse<String> answer = http.get(path);
      long now = System.nanoTime();
      if (answer.statusCode() == 200 && api.shows().test(JSON.readTree(answer.body()), round)) {
        return now;
      }
      // An execution is not found while nothing is known about it. On a fast machine, all readers
      // together look more often than one token may.
      assertThat(answer.statusCode()).as(answer.body()).isIn(200, 404, 429);
      if (now > deadline) {
        throw new AssertionError(path + " does not have the report: " + answer.body());
      }
      // The rate of the looks, which is the resolution of the figure.
      Pace.pause(PAUSE);
    }
  }

  /** A call of a prompt that is dear enough for advice, and the step of its execution. */
  private static void report(BillingClient client, Operator.NamedKey key, int round) {
    List<UsageEvent> events = new ArrayList<>();
    events.add(
        UsageEvent.of(key.text(), "service-" + round, "gpt-4", 10_000)
            .quantity("input_tokens", 10_000)
            .withMetadata(
                Map.of(
                    "unit",
                    "tokens",
                    "prompt_category",
                    "outline",
                    "prompt_name",
                    "prompt-" + round)));
    events.add(
        UsageEvent.of(key.text(), "performance", "video_generation", 1_200)
            .withMetadata(Map.of("step_name", "step-" + round, "status", "success")));
    for (UsageEvent each : events) {
      ReportOutcome outcome =
          client.report(each.withSubject("user-" + round).withExecution("run-" + round));
      assertThat(outcome).isInstanceOf(ReportOutcome.Accepted.class);
    }
  }
}
