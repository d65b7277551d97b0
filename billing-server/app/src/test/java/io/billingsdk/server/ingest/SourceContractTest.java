package io.billingsdk.server.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.testbed.MosquittoTestBroker;
import io.billingsdk.testbed.Proof;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One contract, both sources: the server's own broker in process, Mosquitto by subscription. */
@Tag("postgres")
class SourceContractTest {
  private static final String PROOF = "source-contract";

  @TempDir Path directory;

  @Test
  void everyCase_holdsOfBothSources() {
    List<String> wrong = new ArrayList<>();
    List<String> sources = new ArrayList<>();
    try (UsageSide own = UsageSide.inProcess(directory.resolve("own"))) {
      sources.add(own.text());
      check(own, wrong);
    }
    if (MosquittoTestBroker.whyNotInstalled().isPresent()) {
      Proof.skipped(PROOF, MosquittoTestBroker.whyNotInstalled().get());
    } else {
      try (UsageSide mosquitto = UsageSide.mosquitto(directory.resolve("mosquitto"))) {
        sources.add(mosquitto.text());
        check(mosquitto, wrong);
      }
    }
    Proof.of(PROOF)
        .with("cases", SourceContract.cases().size())
        .with("sources", sources.size())
        .with("of", String.join(",", sources))
        .with("wrong", wrong.size())
        .print();
    assertThat(wrong).isEmpty();
  }

  private static void check(UsageSide side, List<String> wrong) {
    SourceContract contract = new SourceContract(side);
    for (Map.Entry<String, SourceContract.Case> each : SourceContract.cases().entrySet()) {
      try {
        each.getValue().holds(contract);
      } catch (Exception | AssertionError broken) {
        broken.printStackTrace();
        wrong.add(side.text() + ": " + each.getKey() + ": " + broken.getMessage());
      }
    }
  }
}
