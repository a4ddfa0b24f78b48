package io.tidecast.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Importing and evaluating must not load half a gigabyte of libraries that they do not use. */
@AnalyzeClasses(packages = "io.tidecast", importOptions = ImportOption.DoNotIncludeTests.class)
class TorchFreeCommandsTest {

  @ArchTest
  static final ArchRule SHOULD_NEED_NO_TORCH =
      noClasses()
          .that()
          .haveSimpleName("ModelImportCommand")
          .or()
          .haveSimpleName("EvaluateCommand")
          .should()
          .transitivelyDependOnClassesThat()
          .resideInAnyPackage("ai.djl..", "io.tidecast.training..");
}
