package io.billingsdk.forecast;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;

/** What keeps the module pure: nothing it depends on, nothing it reads, nothing that changes. */
@AnalyzeClasses(
    packages = "io.billingsdk.forecast",
    importOptions = ImportOption.DoNotIncludeTests.class)
final class ForecastArchitectureTest {
  private static final String LIST = "/public-types.txt";

  @ArchTest
  static final ArchRule dependsOnTheJdkAlone =
      classes()
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "io.billingsdk.forecast",
              "java.lang..",
              "java.math",
              "java.time..",
              "java.util",
              "java.util.function",
              "java.util.regex",
              "java.util.stream",
              "org.jspecify.annotations");

  @ArchTest
  static final ArchRule readsNoClockNoZoneAndNoChance =
      noClasses()
          .should()
          .dependOnClassesThat(
              describe(
                  "give another answer each time",
                  type ->
                      type.isAssignableTo(Clock.class)
                          || type.isAssignableTo(Random.class)
                          || type.isEquivalentTo(Thread.class)
                          || type.isEquivalentTo(System.class)))
          .orShould()
          .callMethodWhere(
              describe(
                  "the time, the zone or the locale of the machine is asked",
                  call ->
                      call.getName().equals("now")
                          || call.getName().equals("systemDefault")
                          || call.getName().equals("getDefault")));

  @ArchTest
  static final ArchRule everythingIsFinalOrSealed =
      classes()
          .that()
          .areTopLevelClasses()
          .and()
          .areNotEnums()
          .and()
          .areNotInterfaces()
          .should()
          .haveModifier(JavaModifier.FINAL);

  @ArchTest
  static void fieldsOfPublicTypesAreFinal(JavaClasses types) {
    List<String> mutable =
        types.stream()
            .filter(type -> type.getModifiers().contains(JavaModifier.PUBLIC))
            .filter(type -> !type.getSimpleName().endsWith("Builder"))
            .flatMap(type -> type.getFields().stream())
            .filter(field -> !field.getModifiers().contains(JavaModifier.FINAL))
            .map(JavaField::getFullName)
            .toList();
    Assertions.assertThat(mutable).as("fields that change").isEmpty();
  }

  @Test
  void publicTypes_areThePinnedOnes() throws IOException {
    List<String> found =
        new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("io.billingsdk.forecast")
                .stream()
                .filter(JavaClass::isTopLevelClass)
                .filter(type -> type.getModifiers().contains(JavaModifier.PUBLIC))
                .map(JavaClass::getSimpleName)
                .sorted()
                .toList();
    Assertions.assertThat(found)
        .as("the public types, beside %s", LIST)
        .containsExactlyElementsOf(pinned());
  }

  private static List<String> pinned() throws IOException {
    try (InputStream list =
        Objects.requireNonNull(ForecastArchitectureTest.class.getResourceAsStream(LIST), LIST)) {
      return new String(list.readAllBytes(), StandardCharsets.UTF_8).lines().sorted().toList();
    }
  }
}
