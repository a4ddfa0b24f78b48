package io.tidecast.postgres;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.tidecast.graph.testing.HouseRules;

@AnalyzeClasses(packages = "io.tidecast.postgres", importOptions = DoNotIncludeTests.class)
class ModuleBoundaryTest {

  @ArchTest static final ArchRule shouldHaveNoCycles = HouseRules.NO_CYCLE_OF_PACKAGES;

  @ArchTest static final ArchRule shouldTakeFewArguments = HouseRules.FEW_ARGUMENTS;

  @ArchTest static final ArchRule shouldHaveNoCrowdedPackage = HouseRules.NO_CROWD;

  @ArchTest static final ArchRule shouldSayWhatEachPackageIsFor = HouseRules.EXPLAINED;

  /**
   * Of the job it knows settings, formats and what travels; of Flink, what dead letters need; of
   * the runtime, steps.
   */
  @ArchTest
  static final ArchRule shouldKnowNothingOfOperators =
      noClasses()
          .should()
          .dependOnClassesThat(
              resideInAnyPackage(
                      "io.tidecast.runtime..",
                      "io.tidecast.flink.inference..",
                      "io.tidecast.flink.source..",
                      "io.tidecast.flink.sink.kafka..",
                      "io.tidecast.flink.state..",
                      "org.apache.flink.streaming..",
                      "org.apache.flink.runtime..")
                  .and(not(resideInAPackage("io.tidecast.runtime.grid"))));

  @ArchTest
  static final ArchRule shouldMakeRowsWithoutADatabase =
      classes()
          .that()
          .resideInAPackage("io.tidecast.postgres.rows")
          .should()
          .onlyDependOnClassesThat()
          .resideOutsideOfPackages("java.sql..", "org.postgresql..", "org.flywaydb..");
}
