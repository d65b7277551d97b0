package io.billingsdk;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.conditions.ArchConditions.not;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import java.util.Set;

/** The borders of the architecture, as rules that fail the build. */
@AnalyzeClasses(packages = "io.billingsdk", importOptions = ImportOption.DoNotIncludeTests.class)
final class ArchitectureTest {
  private static final String[] MQTT_LIBRARY = {"com.hivemq..", "io.reactivex..", "io.netty.."};

  @ArchTest
  static final ArchRule onlyTheLinkKnowsTheMqttLibrary =
      noClasses()
          .that()
          .resideInAPackage("io.billingsdk..")
          .and(ofThisModule())
          .and()
          .resideOutsideOfPackage("io.billingsdk.internal.link")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(MQTT_LIBRARY);

  @ArchTest
  static final ArchRule theJournalKnowsNoSibling =
      classes()
          .that()
          .resideInAPackage("io.billingsdk.internal.journal")
          .should()
          .onlyDependOnClassesThat(
              resideInAnyPackage(
                  "io.billingsdk.internal.journal",
                  "io.billingsdk.internal.time",
                  "io.billingsdk.internal.files",
                  "io.billingsdk.internal",
                  "java..",
                  "org.jspecify..",
                  "org.slf4j.."));

  @ArchTest
  static final ArchRule noCyclesAmongInternalPackages =
      slices().matching("io.billingsdk.internal.(*)").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule publicApiShowsNoTypeOfTheMqttLibraryOrOfInternals =
      ArchRuleDefinition.noMembers()
          .that()
          .areDeclaredInClassesThat()
          .resideInAnyPackage("io.billingsdk", "io.billingsdk.journal")
          .and()
          .areDeclaredInClassesThat()
          .arePublic()
          .and(describe("are public", member -> isVisible(member)))
          .should(
              not(com.tngtech.archunit.lang.conditions.ArchConditions.be(clean())).as("show it"));

  @ArchTest
  static final ArchRule topLevelClassesAreFinalUnlessAbstract =
      classes()
          .that(ofThisModule())
          .and()
          .areNotInterfaces()
          .and()
          .areNotEnums()
          .and()
          .areTopLevelClasses()
          .and()
          .doNotHaveModifier(JavaModifier.ABSTRACT)
          .and(describe("are no package-info", c -> !c.getSimpleName().equals("package-info")))
          .should()
          .haveModifier(JavaModifier.FINAL);

  private static DescribedPredicate<JavaClass> ofThisModule() {
    return resideInAnyPackage(
        "io.billingsdk",
        "io.billingsdk.journal",
        "io.billingsdk.internal",
        "io.billingsdk.internal..");
  }

  private static boolean isVisible(JavaMember member) {
    Set<JavaModifier> modifiers = member.getModifiers();
    return modifiers.contains(JavaModifier.PUBLIC) || modifiers.contains(JavaModifier.PROTECTED);
  }

  private static DescribedPredicate<JavaMember> clean() {
    DescribedPredicate<JavaClass> foreign =
        resideInAnyPackage(MQTT_LIBRARY).or(resideInAPackage("io.billingsdk.internal.."));
    return describe("free of hidden types", member -> typesOf(member).stream().noneMatch(foreign));
  }

  private static Set<JavaClass> typesOf(JavaMember member) {
    if (member instanceof JavaField field) {
      return field.getAllInvolvedRawTypes();
    }
    return ((JavaCodeUnit) member).getAllInvolvedRawTypes();
  }
}
