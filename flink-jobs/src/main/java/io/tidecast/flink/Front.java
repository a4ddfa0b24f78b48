package io.tidecast.flink;

import io.tidecast.flink.config.JobConfig;
import io.tidecast.flink.format.SourceFormat;
import io.tidecast.flink.grid.MillisClock;
import io.tidecast.flink.record.Measurement;
import io.tidecast.flink.record.ParsedMeasurement;
import io.tidecast.flink.source.AcceptObservations;
import io.tidecast.flink.source.BoundedInput;
import io.tidecast.flink.source.FiniteKafkaSource;
import io.tidecast.flink.source.KafkaSources;
import io.tidecast.flink.source.ObservationWatermarks;
import io.tidecast.flink.source.ParseMeasurements;
import io.tidecast.flink.source.SourceSettings;
import io.tidecast.flink.source.SplitChannels;
import io.tidecast.flink.source.backward.BackwardSource;
import io.tidecast.flink.source.csv.CsvSource;
import io.tidecast.flink.state.OperatorUids;
import io.tidecast.flink.state.StateTypes;
import java.nio.file.Path;
import java.util.List;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** The operators of a job that know no model: from its sources to the observations of series. */
record Front(JobConfig config, MillisClock clock) {

  /** What the sources give; in a job that ends by itself, no more than their stream would. */
  DataStream<ParsedMeasurement> observations(
      StreamExecutionEnvironment env, KafkaSources kafka, List<Path> files) {
    SourceSettings settings = config.source();
    ParseMeasurements parser = JobParsers.observations(config, clock);
    ObservationWatermarks watermarks = new ObservationWatermarks(settings, clock);
    SingleOutputStreamOperator<ParsedMeasurement> parsed;
    if (settings.isReadBackward()) {
      parsed =
          env.fromSource(
              new BackwardSource(config.kafka(), settings, config.job().name(), parser),
              watermarks,
              "observations");
    } else if (files.isEmpty()) {
      KafkaSource<ParsedMeasurement> source = kafka.observations(settings, parser);
      parsed =
          env.fromSource(
              settings.isBounded() ? new FiniteKafkaSource(source) : source,
              watermarks,
              "observations");
    } else {
      List<String> paths = files.stream().map(Path::toString).toList();
      parsed =
          env.fromSource(
                  new CsvSource(paths, (SourceFormat.Csv) settings.format(), parser),
                  watermarks,
                  "observations")
              .setParallelism(1);
    }
    parsed.uid(OperatorUids.OBSERVATIONS);
    return settings.isBounded()
        ? parsed
            .transform(
                "bounded input",
                TypeInformation.of(ParsedMeasurement.class),
                new BoundedInput(
                    settings.maxOutOfOrderness().toMillis(), !files.isEmpty(), watermarks.latest()))
            .setParallelism(parsed.getParallelism())
            .uid(OperatorUids.BOUNDED_INPUT)
        : parsed;
  }

  SingleOutputStreamOperator<Measurement> accepted(DataStream<ParsedMeasurement> parsed) {
    return parsed
        .process(new AcceptObservations(config.source().format()), StateTypes.MEASUREMENT)
        // With the source, or the order of its records would be lost on the way.
        .setParallelism(parsed.getParallelism())
        .name("parse")
        .uid(OperatorUids.PARSE);
  }

  /** The same, each channel a series of its own where the job says so. */
  DataStream<Measurement> channels(SingleOutputStreamOperator<Measurement> accepted) {
    return config.source().channels() == null
        ? accepted
        : accepted
            .flatMap(new SplitChannels(config.source().channels()), StateTypes.MEASUREMENT)
            .setParallelism(accepted.getParallelism())
            .name("channels")
            .uid(OperatorUids.CHANNELS);
  }
}
