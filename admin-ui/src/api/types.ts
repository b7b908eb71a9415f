import type { ConnectionRow, JobRow } from '../../../sidecar/src/http/api';

export type {
  ActivityRow,
  ApiError,
  ArticleList,
  ArticleMappingInput,
  Capabilities,
  ConnectionInput,
  ConnectionRow,
  JobAction,
  JobDetail,
  JobList,
  JobRow,
  Overview,
  PlatformForm,
  ScheduleRow,
  TestAnswer,
} from '../../../sidecar/src/http/api';

export type JobState = JobRow['state'];
export type PersonMove = JobRow['actions'][number];
export type ConnectionMove = ConnectionRow['actions'][number];
