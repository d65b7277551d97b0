package io.billingsdk.rating;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.billingsdk.testbed.FloatScan;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FloatScanTest {
  @TempDir Path directory;

  /** Everything that is allowed. */
  record Clean(BigDecimal amount, long units, String name) {
    BigDecimal twice() {
      return amount.add(amount).multiply(BigDecimal.valueOf(units));
    }
  }

  /** A field. */
  static final class Field {
    float rate;
  }

  /** A parameter that nothing is done with. */
  interface Parameter {
    void pay(double amount);
  }

  /** An array inside a descriptor with classes around it. */
  interface Result {
    double[] pay(String currency, Object amount);
  }

  /** A call whose result is cast away at once. */
  static final class Call {
    long cut(BigDecimal amount) {
      return (long) amount.doubleValue();
    }
  }

  /** Reckoning that begins and ends with whole numbers. */
  static final class Local {
    long tenth(long units) {
      return (long) (units * 0.1);
    }
  }

  /** A box. */
  static final class Box {
    Object zero() {
      return List.of(Double.class);
    }
  }

  @Test
  void classWithoutBinaryFractions_hasNoFindings() throws IOException {
    copy(Clean.class);
    assertThat(FloatScan.findings(directory)).isEmpty();
  }

  @Test
  void classWithOne_anywhere_isFound() throws IOException {
    for (Class<?> type :
        List.of(Field.class, Parameter.class, Result.class, Call.class, Local.class, Box.class)) {
      Path file = copy(type);
      assertThat(FloatScan.findings(directory)).as(type.getName()).isNotEmpty();
      Files.delete(file);
    }
  }

  @Test
  void directoryWithoutClasses_isRefused() {
    assertThatThrownBy(() -> FloatScan.findings(directory)).hasMessageContaining("no class files");
  }

  private Path copy(Class<?> type) throws IOException {
    String name = type.getName().substring(type.getName().lastIndexOf('.') + 1) + ".class";
    try (InputStream in = Objects.requireNonNull(type.getResourceAsStream(name), name)) {
      Path file = directory.resolve(name);
      Files.write(file, in.readAllBytes());
      return file;
    }
  }
}
