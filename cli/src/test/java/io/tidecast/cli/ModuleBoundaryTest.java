package io.tidecast.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.tidecast.cli.testing.HouseRules;

@AnalyzeClasses(packages = "io.tidecast.cli", importOptions = DoNotIncludeTests.class)
class ModuleBoundaryTest {

  @ArchTest static final ArchRule shouldHaveNoCycles = HouseRules.noCycles();

  @ArchTest static final ArchRule shouldTakeFewArguments = HouseRules.fewArguments();

  @ArchTest
  static final ArchRule shouldEmbedKafkaAndFlinkWithoutTheCommands =
      noClasses()
          .that()
          .resideInAPackage("io.tidecast.cli.embedded")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "picocli..",
              "io.tidecast.cli",
              "io.tidecast.cli.model..",
              "io.tidecast.cli.quickstart..",
              "io.tidecast.cli.run..",
              "io.tidecast.cli.train..",
              "io.tidecast.evaluation..",
              "io.tidecast.training..");

  @ArchTest
  static final ArchRule shouldKnowNoCommandAtTheConsole =
      noClasses()
          .that()
          .resideInAPackage("io.tidecast.cli.console")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.apache.flink..", "org.apache.kafka..", "io.tidecast.flink..");

  @ArchTest
  static final ArchRule shouldKeepTheBrokerInOneRoom =
      classes()
          .that()
          .resideOutsideOfPackage("io.tidecast.cli.embedded")
          .should()
          .onlyDependOnClassesThat()
          .resideOutsideOfPackages(
              "kafka..", "org.apache.kafka.metadata..", "org.apache.flink.runtime..");

  @ArchTest
  static void shouldHaveNoCrowdedPackage(JavaClasses classes) {
    assertThat(HouseRules.crowdedPackages(classes)).isEmpty();
  }

  @ArchTest
  static void shouldSayWhatEachPackageIsFor(JavaClasses classes) {
    assertThat(HouseRules.unexplainedPackages(classes)).isEmpty();
  }
}
