# Flink with what Tidecast's job needs: build it after `mvn -DskipTests package`.
FROM flink:2.3.0-java17

# Flink loads ONNX Runtime, so that no job leaves a copy of it behind.
COPY flink-jobs/target/lib/ /opt/flink/lib/
COPY metrics-reporter/target/tidecast-metrics-reporter-0.1.0-SNAPSHOT-plugin.jar /opt/flink/plugins/tidecast-metrics/
COPY flink-jobs/target/tidecast-flink-jobs-0.1.0-SNAPSHOT-job.jar /opt/flink/usrlib/tidecast-job.jar
COPY models/zoo/ /opt/tidecast/models/

# Volumes mounted here begin with this owner.
RUN mkdir -p /var/lib/tidecast && chown -R flink:flink /var/lib/tidecast

USER flink
