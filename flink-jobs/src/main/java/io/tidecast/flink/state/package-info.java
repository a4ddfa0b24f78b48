/**
 * The names that are in every checkpoint and savepoint of the job, and so must stay as they are:
 * the uids of its operators ({@link io.tidecast.flink.state.OperatorUids}) and the snapshots of its
 * own serializers, {@link io.tidecast.flink.state.ForecastTaskSerializerSnapshot} and {@link
 * io.tidecast.flink.state.WaitingTaskSerializerSnapshot}. Flink writes the class name of such a
 * snapshot before the elements and loads it by that name when a job goes on; no other class of this
 * project is named in state.
 *
 * <p>This package is called after what it keeps and not after a room, so that the rooms, and the
 * records in them, can be renamed and moved while it stays where it is. It is never moved and
 * nothing public in it is renamed. A further type that is kept in state gets its serializer here.
 *
 * <p>Operators that make or keep such a type name it by {@link io.tidecast.flink.state.StateTypes}.
 * There is no annotation on the records that would choose the serializer for them: records would
 * then know this package, and this package knows them.
 *
 * <p>The bytes of an element begin with their version. A field that is added makes a next version;
 * the earlier ones go on being read. The same bytes travel between operators, where an unaligned
 * checkpoint would keep them too. Measurements have such bytes for the sake of the network alone.
 * Elements of other types travel in the form that Flink derives from their fields. They are in no
 * savepoint and in no aligned checkpoint; an unaligned checkpoint, which the job does not ask for,
 * can be gone on from by the version that took it. To go on with another version, stop with a
 * savepoint, which is always aligned.
 */
@NullMarked
package io.tidecast.flink.state;

import org.jspecify.annotations.NullMarked;
