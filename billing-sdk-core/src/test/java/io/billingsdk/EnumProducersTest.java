package io.billingsdk;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.testbed.Proof;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Each constant of the enums with which a client answers has code that answers so: users write
 * branches for all of them.
 */
final class EnumProducersTest {
  private static final List<Class<? extends Enum<?>>> ANSWERS =
      List.of(
          DenialReason.class,
          RejectionReason.class,
          ConnectionState.class,
          ClientStatus.ProblemKind.class);

  @Test
  void constants_ofAnswers_haveAProducer() throws IOException {
    String code = code();
    List<String> unused = new ArrayList<>();
    int constants = 0;
    for (Class<? extends Enum<?>> type : ANSWERS) {
      for (Enum<?> constant : type.getEnumConstants()) {
        constants++;
        String name = type.getSimpleName() + "." + constant.name();
        if (!code.contains(name)) {
          unused.add(name);
        }
      }
    }
    Proof.of("enum-producers")
        .with("enums", ANSWERS.size())
        .with("constants", constants)
        .with("without", unused.size())
        .print();
    assertThat(unused).as("constants that no code produces").isEmpty();
  }

  /** The sources without comments, in which a constant may be named without being produced. */
  private static String code() throws IOException {
    try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
      return files
          .filter(file -> file.toString().endsWith(".java"))
          .map(EnumProducersTest::read)
          .map(text -> text.replaceAll("(?s)/\\*.*?\\*/", "").replaceAll("//.*", ""))
          .reduce("", String::concat);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }
}
