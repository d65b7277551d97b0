package io.billingsdk.server.statistics;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.server.http.HttpTestbed;
import io.billingsdk.testbed.Proof;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Five requests at a limit minus one: one of them is admitted, on one server and on two. */
@Tag("postgres")
class StatsLimitRaceTest {
  private static final int AT_ONCE = 5;
  private static final int LIMIT = 5;
  private static final int RELEASE = 1_000;
  private static final int ROUNDS = "release".equals(System.getProperty("size")) ? RELEASE : 60;

  @TempDir Path directory;
  @TempDir Path second;

  @Test
  void requests_atALimitMinusOne_oneIsAdmitted_whicheverServerTheyAskFor() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE);
    int admitted = 0;
    int refused = 0;
    try (HttpTestbed http = new HttpTestbed(directory);
        HttpTestbed other = http.beside(second)) {
      StatsClient client = new StatsClient(http);
      List<StatsClient> servers = List.of(client, new StatsClient(other));
      for (int round = 0; round < ROUNDS; round++) {
        String[] guest = StatsClient.asGuest(client.guest());
        for (int i = 0; i < LIMIT - 1; i++) {
          assertThat(client.record(guest, "file_upload", "{\"size\":1}").status()).isEqualTo(200);
        }
        int on = round % 2 == 0 ? 1 : servers.size();
        List<Integer> statuses = together(threads, servers.subList(0, on), guest);
        assertThat(statuses).as("round %s", round).containsOnlyOnce(200).hasSize(AT_ONCE);
        admitted += (int) statuses.stream().filter(each -> each == 200).count();
        refused += (int) statuses.stream().filter(each -> each == 429).count();
        assertThat(client.get("/usage/limits", guest).path("files_per_day").path("used").asInt())
            .isEqualTo(LIMIT);
      }
    } finally {
      threads.shutdownNow();
    }
    Proof.sized("stats-limit-race", ROUNDS, RELEASE)
        .with("rounds", ROUNDS)
        .with("at_once", AT_ONCE)
        .with("servers", 2)
        .with("admitted", admitted)
        .with("refused", refused)
        .with("wrong", ROUNDS - admitted)
        .print();
    assertThat(admitted).isEqualTo(ROUNDS);
    assertThat(refused).isEqualTo(ROUNDS * (AT_ONCE - 1));
  }

  private static List<Integer> together(
      ExecutorService threads, List<StatsClient> servers, String[] guest) throws Exception {
    CyclicBarrier start = new CyclicBarrier(AT_ONCE);
    List<Future<Integer>> answers = new ArrayList<>();
    for (int i = 0; i < AT_ONCE; i++) {
      StatsClient server = servers.get(i % servers.size());
      answers.add(
          threads.submit(
              () -> {
                start.await();
                return server.record(guest, "file_upload", "{\"size\":1}").status();
              }));
    }
    List<Integer> statuses = new ArrayList<>();
    for (Future<Integer> each : answers) {
      statuses.add(each.get());
    }
    return statuses;
  }
}
