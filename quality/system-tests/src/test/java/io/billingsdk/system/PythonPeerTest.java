package io.billingsdk.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.billingsdk.system.Operator.NamedKey;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Services on the wire of the unmodified Python SDK, in Python, at {@code ./billing serve}: they
 * send no client id, share one login, and report with QoS 0.
 */
final class PythonPeerTest {
  private static final int WORKERS = 2;
  private static final int REPORTS = 20;
  private static final String INSTANCE = "python-1";

  @Test
  void serve_pythonServicesWithoutClientId_areCountedOnce_andSeeABlock(@TempDir Path directory)
      throws Exception {
    Python python = Python.find().orElse(null);
    if (python == null) {
      Size.proof("python-peer").with("skipped", "no-python3").print();
      return;
    }
    try (WholeServer server = WholeServer.start(directory)) {
      server.operator().createApp("acme");
      String password = server.operator().createV1Instance(INSTANCE);
      List<PeerRun> runs = new ArrayList<>();
      if (python.hasPaho()) {
        runs.add(run(python, server, "paho", password));
      }
      runs.add(run(python, server, "raw", password));
      runs.forEach(PeerRun::awaitReported);
      for (PeerRun run : runs) {
        String counted = "SELECT count(*) FROM usage_event WHERE model = '" + run.model() + "'";
        await().atMost(Child.PATIENCE).until(() -> server.count(counted) >= REPORTS);
        run.block(server.operator());
        run.awaitBlocked();
        long inLedger = server.count(counted + " AND app_id = 'acme' AND usage = 2");
        assertThat(server.count(counted)).isEqualTo(REPORTS);
        assertThat(inLedger).isEqualTo(REPORTS);
        Size.proof("python-peer")
            .with("client", run.client().equals("paho") ? python.paho() : "raw-mqtt-3.1.1")
            .with("client_id", "none")
            .with("connections", WORKERS)
            .with("reports", run.reported())
            .with("ledger", inLedger)
            .with("blocks_seen", run.blocksSeen())
            .print();
      }
      // One for each lane that they came by.
      assertThat(server.count("SELECT count(*) FROM stream WHERE origin = 'v1-unnumbered'"))
          .isPositive();
    }
  }

  private static PeerRun run(Python python, WholeServer server, String client, String password)
      throws Exception {
    NamedKey key = server.operator().createLegacyKey("acme");
    PeerRun run = new PeerRun(client, "by-" + client, key, new ArrayList<>());
    for (int worker = 1; worker <= WORKERS; worker++) {
      Map<String, Object> settings =
          Map.ofEntries(
              Map.entry("client", client),
              Map.entry("host", "localhost"),
              Map.entry("port", server.brokerPort()),
              Map.entry("ca", server.authority().toString()),
              Map.entry("user", INSTANCE),
              Map.entry("password", password),
              Map.entry("prefix", "billing"),
              Map.entry("api_key", key.text()),
              Map.entry("app_id", "acme"),
              Map.entry("model", run.model()),
              Map.entry("reports", REPORTS / WORKERS));
      run.workers().add(python.service("python-" + client + "-" + worker, settings));
    }
    return run;
  }

  /** The workers of one service. */
  private record PeerRun(String client, String model, NamedKey key, List<Child> workers) {
    /** All of them are connected at once, and none ended the connection of another. */
    void awaitReported() {
      workers.forEach(each -> each.await("reported "));
      assertThat(workers).allMatch(Child::isAlive);
    }

    long reported() {
      return workers.stream()
          .mapToLong(each -> Long.parseLong(each.await("reported ").substring(9)))
          .sum();
    }

    void block(Operator operator) {
      operator.block(key);
    }

    void awaitBlocked() {
      workers.forEach(each -> each.await("key blocked"));
      workers.forEach(each -> assertThat(each.awaitEnd()).as(each.name()).isZero());
    }

    long blocksSeen() {
      return workers.stream().filter(each -> !each.await("key blocked").isEmpty()).count();
    }
  }
}
