package io.billingsdk;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/**
 * The public top-level types, pinned. A type that appears here by accident is one that we would
 * have to keep: whoever adds one adds it to {@code public-types.txt} too, and a reviewer sees it.
 */
@AnalyzeClasses(packages = "io.billingsdk", importOptions = ImportOption.DoNotIncludeTests.class)
final class PublicTypesTest {
  private static final String LIST = "/public-types.txt";

  @ArchTest
  static void publicTypes_ofTheApi_areThePinnedOnes(JavaClasses all) throws IOException {
    List<String> found =
        all.stream()
            .filter(JavaClass::isTopLevelClass)
            .filter(type -> type.getModifiers().contains(JavaModifier.PUBLIC))
            .filter(type -> isApi(type.getPackageName()))
            .map(JavaClass::getName)
            .sorted()
            .toList();
    assertThat(found).as("the public types, beside %s", LIST).containsExactlyElementsOf(pinned());
  }

  private static boolean isApi(String packageName) {
    return packageName.equals("io.billingsdk") || packageName.equals("io.billingsdk.journal");
  }

  private static List<String> pinned() throws IOException {
    try (InputStream list =
        Objects.requireNonNull(PublicTypesTest.class.getResourceAsStream(LIST), LIST)) {
      return new String(list.readAllBytes(), StandardCharsets.UTF_8).lines().sorted().toList();
    }
  }
}
