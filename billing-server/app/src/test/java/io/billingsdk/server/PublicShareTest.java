package io.billingsdk.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import java.util.List;

/**
 * What is nobody else's business the compiler hides: the share of top-level types that are their
 * package's alone. The test keeps what is reached, and grows with it.
 */
@AnalyzeClasses(packages = "io.billingsdk.server", importOptions = DoNotIncludeTests.class)
final class PublicShareTest {
  private static final double LEAST = 0.67;

  @ArchTest
  static void types_ofTheServer_areNotShownWithoutNeed(JavaClasses classes) {
    List<JavaClass> all =
        classes.stream()
            .filter(JavaClass::isTopLevelClass)
            .filter(type -> !type.getSimpleName().equals("package-info"))
            .toList();
    List<String> shown =
        all.stream()
            .filter(type -> type.getModifiers().contains(JavaModifier.PUBLIC))
            .map(JavaClass::getName)
            .sorted()
            .toList();
    double hidden = 1 - (double) shown.size() / all.size();
    System.out.printf(
        "share of package-private types of the server: %.1f %% of %d%n", 100 * hidden, all.size());
    assertThat(hidden).as("share; public are %s", shown).isGreaterThanOrEqualTo(LEAST);
  }
}
