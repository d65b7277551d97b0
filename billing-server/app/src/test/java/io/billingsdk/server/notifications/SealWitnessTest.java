package io.billingsdk.server.notifications;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.billingsdk.seal.SealFinding;
import io.billingsdk.seal.Witness;
import io.billingsdk.server.notifications.HttpsReceiver.Received;
import io.billingsdk.server.seals.SealFiles;
import io.billingsdk.server.seals.SealsFeature;
import io.billingsdk.testbed.Await;
import io.billingsdk.testbed.Proof;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A seal comes to a witness by webhook, with all that a line of the witness needs. */
@Tag("postgres")
class SealWitnessTest {
  @TempDir Path directory;

  @Test
  void seals_byWebhook_areTheLinesOfAWitness_whoNamesAReplacedDay() throws Exception {
    try (NotificationWorld world = new NotificationWorld(directory);
        HttpsReceiver receiver = new HttpsReceiver(world.certificate())) {
      var unused =
          world.endpoints("").create(receiver.url("/witness"), List.of("ledger.day.sealed"));
      world.world().execute("UPDATE ledger_seal_start SET day = day - 3");
      SealFiles files = SealFiles.in(directory, null);
      new SealsFeature(world.database(), files).jobs().get(0).run();
      long days = world.count("SELECT count(*) FROM ledger_seal");
      Await.until(() -> world.count("SELECT count(*) FROM notice") >= days);
      NotificationWorld.drain(world.sender());

      List<JsonNode> sealed = receiver.received("/witness").stream().map(Received::json).toList();
      String lines = sealed.stream().map(SealWitnessTest::line).collect(Collectors.joining());
      assertThat(lines).isEqualTo(Files.readString(files.folder().resolve("seals.txt")));
      LocalDate day = LocalDate.parse(sealed.get(0).at("/data/day").asText());
      List<SealFinding> findings =
          Witness.parse(lines).between(day, day).compare(Map.of(day, "f".repeat(64)));
      Proof.of("ledger-witness")
          .with("days", days)
          .with("by_webhook", sealed.size())
          .with("replaced_days", 1)
          .with("named", findings.size())
          .print();
      assertThat(days).isGreaterThanOrEqualTo(2);
      assertThat(findings).containsExactly(SealFinding.of(day, SealFinding.Kind.REPLACED));
    }
  }

  private static String line(JsonNode event) {
    return event.at("/data/day").asText()
        + " "
        + event.at("/data/digest").asText()
        + " "
        + event.at("/data/signature").asText()
        + "\n";
  }
}
