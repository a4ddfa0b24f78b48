package io.tidecast.runtime;

import java.nio.file.Path;
import org.junit.jupiter.api.Nested;

/**
 * The contract kit, over every kind of forecaster there is and every way in which windows share
 * runs.
 */
class ForecastersTest {

  @Nested
  class UkDemandOfTheZoo extends ForecasterContract {
    @Override
    protected Forecaster open() {
      Path zoo = Path.of(System.getProperty("tidecast.root"), "models", "zoo");
      return OnnxForecaster.open(
          ModelBundle.read(zoo.resolve("patchtst-uk-demand/1")), OnnxOptions.defaults());
    }
  }

  @Nested
  class PatchTst extends ForecasterContract {
    @Override
    protected Forecaster open() {
      return OnnxForecaster.open(TestModels.patchTst(), OnnxOptions.defaults());
    }
  }

  @Nested
  class PatchTstOnTwoThreads extends ForecasterContract {
    @Override
    protected Forecaster open() {
      return OnnxForecaster.open(TestModels.patchTst(), new OnnxOptions(2));
    }
  }

  @Nested
  class MeanOverTime extends ForecasterContract {
    @Override
    protected Forecaster open() {
      return OnnxForecaster.open(TestModels.meanOverTime(), OnnxOptions.defaults());
    }
  }

  @Nested
  class MeanOverOddRows extends ForecasterContract {
    @Override
    protected Forecaster open() {
      return OnnxForecaster.open(TestModels.meanOverOddRows(), OnnxOptions.defaults());
    }
  }

  @Nested
  class OtherWhenAlone extends ForecasterContract {
    @Override
    protected Forecaster open() {
      return OnnxForecaster.open(TestModels.otherWhenAlone(), OnnxOptions.defaults());
    }
  }

  @Nested
  class OtherInCompany extends ForecasterContract {
    @Override
    protected Forecaster open() {
      return OnnxForecaster.open(TestModels.otherInCompany(), OnnxOptions.defaults());
    }
  }

  @Nested
  class OneWindowARun extends ForecasterContract {
    @Override
    protected Forecaster open() {
      return OnnxForecaster.open(TestModels.oneWindowARun(), OnnxOptions.defaults());
    }
  }

  @Nested
  class WithQuantiles extends ForecasterContract {
    @Override
    protected Forecaster open() {
      return OnnxForecaster.open(TestModels.withQuantiles(), OnnxOptions.defaults());
    }
  }

  @Nested
  class Shared extends ForecasterContract {
    @Override
    protected Forecaster open() {
      return new ModelCatalog().acquire(TestModels.withQuantiles(), OnnxOptions.defaults());
    }
  }

  @Nested
  class Seasonal extends ForecasterContract {
    @Override
    protected Forecaster open() {
      return new SeasonalNaive(TestModels.meanOverTime().manifest().spec(), 48);
    }
  }
}
