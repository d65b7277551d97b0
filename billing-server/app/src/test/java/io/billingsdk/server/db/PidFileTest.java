package io.billingsdk.server.db;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PidFileTest {
  @TempDir Path data;

  private void write(String... lines) throws IOException {
    Files.writeString(data.resolve(PidFile.NAME), String.join("\n", lines));
  }

  @Test
  void in_aWholeFile_isReadAsPostgresWritesIt() throws IOException {
    write("4711", "/data", "1760000000", "5432", "/tmp", "localhost", "  1 2", "ready   ", "");
    PidFile file = PidFile.in(data).orElseThrow();
    assertThat(file).isEqualTo(new PidFile(4711, 1_760_000_000, "ready"));
    assertThat(file.isReady()).isTrue();
  }

  @Test
  void in_aFileThatGrows_isWhatIsThereAlready() throws IOException {
    write("4711");
    assertThat(PidFile.in(data)).contains(new PidFile(4711, 0, ""));
    write("4711", "/data", "1760000000", "5432", "/tmp", "localhost", "1 2", "starting");
    assertThat(PidFile.in(data).orElseThrow().isReady()).isFalse();
  }

  @Test
  void in_noFile_orNoneOfPostgres_isNone() throws IOException {
    assertThat(PidFile.in(data)).isEmpty();
    write("");
    assertThat(PidFile.in(data)).isEmpty();
    write("no number", "/data");
    assertThat(PidFile.in(data)).isEmpty();
    write("4711", "/data", "half a");
    assertThat(PidFile.in(data)).isEmpty();
  }

  @Test
  void process_ofANumberThatIsNowAnotherProgram_isNone() {
    long own = ProcessHandle.current().pid();
    assertThat(new PidFile(own, 0, "ready").process(data)).isEmpty();
  }

  @Test
  void process_ofANumberThatNobodyHas_isNone() {
    assertThat(new PidFile(Long.MAX_VALUE, 0, "ready").process(data)).isEmpty();
  }
}
