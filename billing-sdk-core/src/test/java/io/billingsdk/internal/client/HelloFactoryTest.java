package io.billingsdk.internal.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.Protocol;
import io.billingsdk.UsageEvent;
import io.billingsdk.internal.Faults;
import io.billingsdk.internal.delivery.StreamSecrets;
import io.billingsdk.internal.journal.EventJournal;
import io.billingsdk.internal.journal.MemoryJournal;
import io.billingsdk.internal.keys.KeyTable;
import io.billingsdk.internal.time.ManualClock;
import io.billingsdk.protocol.Hello;
import io.billingsdk.protocol.SeqRange;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

final class HelloFactoryTest {
  private final ManualClock clock = new ManualClock();
  private final KeyTable keys = new KeyTable(clock, Duration.ofMinutes(5));

  private Hello hello(EventJournal journal, Intake intake) {
    return new HelloFactory(journal, keys, intake, clock, /* onDisk= */ false, StreamSecrets.NONE)
        .make(/* keysWanted= */ true);
  }

  private Intake intake(EventJournal journal) {
    return new Intake(journal, keys, clock, () -> Protocol.V2, new Faults());
  }

  @Test
  void make_atFirst_countsNothingAndHasNoOldest() {
    EventJournal journal = new MemoryJournal(1 << 20);
    Hello hello = hello(journal, intake(journal));
    assertThat(hello.stream()).isEqualTo(journal.stream());
    assertThat(hello.lastSeq()).isZero();
    assertThat(hello.sentAtMillis()).isEqualTo(clock.wallMillis());
    assertThat(hello.keysWanted()).isTrue();
    assertThat(hello.loss()).isEqualTo(new Hello.LossEquation(0, 0, 0, 0, 0, 0));
    assertThat(hello.journal().onDisk()).isFalse();
    assertThat(hello.dropped()).isEmpty();
  }

  @Test
  void make_ofAnyBuild_saysWhichReleaseItIs() throws Exception {
    EventJournal journal = new MemoryJournal(1 << 20);
    String pom = Files.readString(Path.of("pom.xml"));
    String release = pom.replaceFirst("(?s).*?<parent>.*?<version>(.*?)</version>.*", "$1");

    assertThat(hello(journal, intake(journal)).version()).isEqualTo(release).isNotBlank();
  }

  @Test
  void make_everyFate_isATermOfTheEquation() throws Exception {
    EventJournal journal = new MemoryJournal(1 << 20);
    Intake intake = intake(journal);
    for (int i = 0; i < 5; i++) {
      assertThat(intake.report(UsageEvent.of("sk", "llm", "m", 1)).accepted()).isTrue();
    }
    assertThat(intake.report(UsageEvent.of("sk", "llm", "m", Double.NaN)).accepted()).isFalse();
    journal.acknowledge(requireNonNull(journal.next()));
    journal.acknowledge(requireNonNull(journal.next()));
    journal.deadLetter(requireNonNull(journal.next()), "refused");

    Hello hello = hello(journal, intake);
    assertThat(hello.lastSeq()).isEqualTo(5);
    assertThat(hello.loss()).isEqualTo(new Hello.LossEquation(5, 2, 2, 1, 0, 1));
    assertThat(Hello.decode(hello.encode())).isEqualTo(hello);
  }

  @Test
  void make_droppedOldest_namesThem() {
    byte[] body = "x".repeat(1_000).getBytes(UTF_8);
    EventJournal journal = new MemoryJournal(10_000, /* dropOldest= */ true);
    for (int i = 0; i < 30; i++) {
      var unused = journal.append(body);
    }
    Hello hello = hello(journal, intake(journal));
    long dropped = hello.loss().dropped();
    assertThat(dropped).isPositive();
    assertThat(hello.loss().accepted()).isEqualTo(30).isEqualTo(dropped + hello.loss().pending());
    assertThat(hello.dropped())
        .containsExactly(new Hello.Dropped(journal.stream(), List.of(new SeqRange(1, dropped))));
  }
}
