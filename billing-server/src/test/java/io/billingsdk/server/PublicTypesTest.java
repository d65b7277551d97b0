package io.billingsdk.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/**
 * What other modules can use of the server: its start, its commands, and the doors of its packages.
 * A new one is added to {@code public-types.txt} too, and a reviewer sees it.
 */
@AnalyzeClasses(packages = "io.billingsdk.server", importOptions = DoNotIncludeTests.class)
final class PublicTypesTest {
  @ArchTest
  static void publicTypes_ofTheModule_areThePinnedOnes(JavaClasses all) throws IOException {
    List<String> found =
        all.stream()
            .filter(JavaClass::isTopLevelClass)
            .filter(type -> type.getModifiers().contains(JavaModifier.PUBLIC))
            .map(JavaClass::getName)
            .sorted()
            .toList();
    assertThat(found).containsExactlyElementsOf(pinned());
  }

  private static List<String> pinned() throws IOException {
    try (InputStream list = PublicTypesTest.class.getResourceAsStream("/public-types.txt")) {
      assertThat(list).isNotNull();
      return new String(list.readAllBytes(), UTF_8).lines().filter(l -> !l.isBlank()).toList();
    }
  }
}
