package io.billingsdk.cli.remote;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LineBatchesTest {
  private static LineBatches of(String text) {
    return new LineBatches(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
  }

  private static String text(LineBatches.LineBatch part) {
    return new String(part.bytes(), StandardCharsets.UTF_8);
  }

  @Test
  void next_lines_areOfOneBlockEach() throws IOException {
    LineBatches parts = of("a\n".repeat(1_200));
    assertThat(parts.next().lines()).isEqualTo(500);
    LineBatches.LineBatch second = parts.next();
    assertThat(second.lines()).isEqualTo(500);
    assertThat(second.block()).isEqualTo(1);
    assertThat(parts.next().lines()).isEqualTo(200);
    assertThat(parts.next().lines()).isZero();
  }

  /** Whenever they come, a line has the same number in its block, and so the same key. */
  @Test
  void next_partOfABlock_keepsItsNumbers() throws IOException {
    PipedInputStream in = new PipedInputStream();
    try (PipedOutputStream out = new PipedOutputStream(in)) {
      LineBatches parts = new LineBatches(in);
      out.write("a\nb\n".getBytes(StandardCharsets.UTF_8));
      out.flush();
      assertThat(text(parts.next())).isEqualTo("a\nb\n");
      out.write("c\n".getBytes(StandardCharsets.UTF_8));
      out.flush();
      LineBatches.LineBatch second = parts.next();
      assertThat(text(second)).isEqualTo("\n\nc\n");
      assertThat(second.before()).isEqualTo(2);
      assertThat(second.block()).isZero();
    }
  }

  @Test
  void next_lastLineWithoutEnd_isALine() throws IOException {
    LineBatches.LineBatch part = of("a\n\nb").next();
    assertThat(part.lines()).isEqualTo(3);
    assertThat(text(part)).isEqualTo("a\n\nb\n");
  }

  @Test
  void next_lineWithoutEnd_isCutOffBehindTheBound() throws IOException {
    LineBatches.LineBatch part = of("x".repeat(10_000_000) + "\ny\n").next();
    assertThat(part.bytes().length).isLessThan(140_000);
    assertThat(text(part)).endsWith("x\ny\n");
  }
}
