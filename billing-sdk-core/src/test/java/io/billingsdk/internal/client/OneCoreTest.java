package io.billingsdk.internal.client;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.billingsdk.BillingException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole of it, with real jars, is in DependencyMatrixTest. */
final class OneCoreTest {
  @TempDir Path directory = Path.of("");

  @Test
  void verify_ofThisClassPath_isFine() {
    assertThatCode(OneCore::verify).doesNotThrowAnyException();
  }

  @Test
  void verify_withTheShadedOneBesideIt_saysWhatToDo() throws Exception {
    Path marker = directory.resolve("META-INF/io.billingsdk/core-shaded");
    Files.createDirectories(marker.getParent());
    Files.writeString(marker, "");
    try (URLClassLoader both =
        new URLClassLoader(new URL[] {directory.toUri().toURL()}, OneCore.class.getClassLoader())) {
      assertThatThrownBy(() -> OneCore.verify(both))
          .isInstanceOf(BillingException.class)
          .hasMessageContaining("billing-sdk-core and billing-sdk-core-shaded are both")
          .hasMessageContaining("exclude io.billingsdk:billing-sdk-core");
    }
  }
}
