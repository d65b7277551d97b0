package io.billingsdk.testkit;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The borders of this module. */
@AnalyzeClasses(packages = "io.billingsdk.testkit", importOptions = DoNotIncludeTests.class)
final class TestkitArchitectureTest {

  @ArchTest
  static final ArchRule usesOnlyThePublicApiOfCore =
      noClasses().should().dependOnClassesThat().resideInAPackage("io.billingsdk.internal..");

  /** It is a process of its own, whose classes need not be on the class path. */
  @ArchTest
  static final ArchRule knowsNoClassOfTheServer =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.billingsdk.server..", "io.billingsdk.cli..");

  /** A test without gRPC, or without JUnit, must load the client. */
  @ArchTest
  static final ArchRule clientNeedsNeitherGrpcNorJUnit =
      noClasses()
          .that()
          .haveSimpleNameNotStartingWith("InProcessGrpc")
          .and()
          .haveSimpleNameNotStartingWith("Billing")
          .and()
          .haveSimpleNameNotStartingWith("WithKey")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.grpc..", "io.billingsdk.grpc..", "org.junit..");

  /** The types by which a user is bound to it: adding one is a decision. */
  private static final Set<String> PUBLIC =
      Set.of(
          "BillingExtension",
          "BillingTest",
          "InProcessGrpc",
          "InProcessGrpcBuilder",
          "LocalBillingServer",
          "LocalBillingServerBuilder",
          "LocalKey",
          "LocalUsage",
          "TestBilling",
          "TestBillingAssert",
          "UsageEventAssert");

  @Test
  void publicTypes_ofTheModule_areThePinnedOnes() {
    assertThat(
            new ClassFileImporter()
                    .withImportOption(new DoNotIncludeTests())
                    .importPackages("io.billingsdk.testkit")
                    .stream()
                    .filter(JavaClass::isTopLevelClass)
                    .filter(type -> type.getModifiers().contains(JavaModifier.PUBLIC))
                    .map(JavaClass::getSimpleName))
        .containsExactlyInAnyOrderElementsOf(PUBLIC);
  }
}
